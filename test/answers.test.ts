import assert from "node:assert/strict";
import { serviceTime } from "../provider/cce/model.ts";
import { retryAfter, serviceError } from "../provider/cce/responses.ts";
import { redact, redactAll } from "../provider/errors/redaction.ts";
import { salt } from "../provider/nodePoolSync/password.ts";

const now = Date.parse("2026-01-02T03:04:05Z");
const messageOf = (body: string, status = 400, headers: Record<string, string> = {}) =>
  serviceError("list the nodes", { status, body, headers }, now).message;

const begin = "the service answered the request to list the nodes with";

describe("an answer that is no success", () => {
  for (const [shape, body, words] of [
    [
      "CCE's own",
      '{"errorCode":"CCE.01400001","errorMessage":"Invalid request."}',
      "400 CCE.01400001 Invalid request.",
    ],
    [
      "the gateway's",
      '{"error_code":"APIGW.0301","error_msg":"Incorrect","request_id":"r1"}',
      "400 APIGW.0301 Incorrect (request id r1)",
    ],
    [
      "Keystone's",
      '{"error":{"code":401,"message":"The request has no token","title":"Unauthorized"}}',
      "400 401 The request has no token",
    ],
    [
      "a Kubernetes status",
      '{"kind":"Status","code":404,"reason":"NotFound","message":"no such thing","errorCode":"CCE.01404001"}',
      "400 CCE.01404001 no such thing",
    ],
    [
      "a page of HTML",
      "<html><head><style>p{}</style></head><body><h1>502 Bad\nGateway</h1></body></html>",
      "400 502 Bad Gateway",
    ],
    ["nothing", "", "400"],
    ["a cut-off body", '{"errorCode":"CCE', '400 {"errorCode":"CCE'],
    ["other JSON", "[1,2]", "400 [1,2]"],
    ["control characters", '{"errorMessage":"a\\u001b[31mb\\u0000c"}', "400 a [31mb c"],
  ] as const) {
    it(`is told in one line: ${shape}`, () => assert.equal(messageOf(body), `${begin} ${words}`));
  }

  it("names no code where Keystone's only repeats the status", () => {
    assert.equal(messageOf('{"error":{"code":401,"message":"No token"}}', 401), `${begin} 401 No token`);
  });

  it("has its code and its request id in one line too", () => {
    const body = '{"error_code":"A\\u001b[31m.1","error_msg":"m","request_id":"r\\n1"}';
    assert.equal(messageOf(body), `${begin} 400 A [31m.1 m (request id r 1)`);
  });

  it("is looked into for an error that is wrapped, and not without end", () => {
    const wrapped = (depth: number) => `${'{"x":'.repeat(depth)}{"errorCode":"C.1"}${"}".repeat(depth)}`;
    assert.equal(messageOf(wrapped(3)), `${begin} 400 C.1`);
    assert.ok(messageOf(wrapped(5000)).length < 700);
  });

  it("has its request id from the header of the service or of IAM", () => {
    assert.match(messageOf("{}", 500, { "x-request-id": "abc" }), /\(request id abc\)$/);
    assert.match(messageOf("{}", 500, { "x-iam-trace-id": "def" }), /\(request id def\)$/);
  });

  it("is cut short when it is long", () => assert.ok(messageOf(`"${"x".repeat(10_000)}"`).length < 700));

  for (const [header, milliseconds] of [
    ["56.818", 56_818],
    ["0", 0],
    [" 2 ", 2000],
    ["Fri, 02 Jan 2026 03:05:05 GMT", 60_000],
    ["Fri, 02 Jan 2026 03:00:00 GMT", undefined],
    ["-5", undefined],
    ["soon", undefined],
    ["", undefined],
    ["999999999", 600_000],
    [undefined, undefined],
  ] as const) {
    it(`asks to wait for ${milliseconds} ms with Retry-After: ${header}`, () => {
      assert.equal(retryAfter(header, now), milliseconds);
    });
  }
});

describe("a time of the service", () => {
  for (const [text, milliseconds] of [
    ["2020-02-02 08:12:40.124294439 +0000 UTC", Date.parse("2020-02-02T08:12:40Z") + 124.294439],
    ["2020-02-02 08:12:40 +0000 UTC", Date.parse("2020-02-02T08:12:40Z")],
    ["2020-02-02T08:12:40.5Z", Date.parse("2020-02-02T08:12:40.5Z")],
    ["yesterday", undefined],
    [undefined, undefined],
  ] as const) {
    it(`is read: ${text}`, () => assert.equal(serviceTime(text), milliseconds));
  }
});

describe("redaction", () => {
  const secret = 'Canary/7"plain?';
  const base64 = Buffer.from(secret).toString("base64");
  for (const form of [
    secret,
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]) {
    it(`hides a secret in the form ${JSON.stringify(form)}`, () => {
      assert.equal(redact(`before ${form} after`, [secret]), "before [secret] after");
    });
  }

  it("hides a salted password of any salt, in Base64 and as it is", () => {
    const salted = salt("Canary-7-plain");
    const crypt = Buffer.from(salted, "base64").toString();
    assert.equal(redact(`a ${salted} b ${crypt} c`, []), "a [secret] b [secret] c");
  });

  it("hides the longer of two secrets of which one holds the other", () => {
    assert.equal(redact("a canary-long b canary c", ["canary", "canary-long"]), "a [secret] b [secret] c");
  });

  it("takes no secret for a pattern", () => {
    assert.equal(redact("a.+b aXXb $& $1", ["a.+b", "$& $1"]), "[secret] aXXb [secret]");
  });

  it("leaves secrets of fewer than 4 characters alone, which would tear words apart", () => {
    assert.equal(redact("the cluster abc", ["abc", ""]), "the cluster abc");
  });

  it("hides what is inside of objects and arrays, and keeps the rest", () => {
    assert.deepEqual(redactAll({ a: [{ b: `x ${secret}`, n: 1, u: undefined, z: null }] }, [secret]), {
      a: [{ b: "x [secret]", n: 1, u: undefined, z: null }],
    });
  });
});
