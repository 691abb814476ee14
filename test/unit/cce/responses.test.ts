import assert from "node:assert/strict";
import { serviceTime } from "../../../provider/cce/model.ts";
import { retryAfter, serviceError } from "../../../provider/cce/responses.ts";
import { isRetryLater } from "../../../provider/cce/retryPolicy.ts";
import { errorCodes } from "../../../provider/errors/codes.ts";
import { redact, redactAll } from "../../../provider/errors/redaction.ts";
import { salt } from "../../../provider/nodePoolSync/inputs/password.ts";

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
      "400 CCE.01404001 404 no such thing; NotFound",
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
    it(`is shown in one line: ${shape}`, () => assert.equal(messageOf(body), `${begin} ${words}`));
  }

  for (const [what, body, words] of [
    [
      "the most precise of its texts first, and no text twice",
      '{"error_msg":"Request is invalid","errorMessage":"Invalid request.","message":"nodeTemplate.login should not be empty","reason":"INVALID REQUEST"}',
      "nodeTemplate.login should not be empty; INVALID REQUEST; Request is invalid",
    ],
    [
      "the longer of two texts of which one holds the other",
      '{"message":"Forbidden.","errorMessage":"Forbidden: no agency"}',
      "Forbidden: no agency",
    ],
    [
      "both of its codes",
      '{"error_code":"CCE_CM.0002","error_msg":"Resource status invalid","errorCode":"E.CFE.4030002","message":"node pool status is Synchronizing"}',
      "E.CFE.4030002 CCE_CM.0002 node pool status is Synchronizing; Resource status invalid",
    ],
    ["a code once that it has twice", '{"error_code":"C.1","errorCode":"C.1"}', "C.1"],
    ["the only text that is one", '{"message":{"text":"x"},"reason":" ","error_msg":"why"}', "why"],
  ] as const) {
    it(`has ${what}`, () => assert.equal(messageOf(body, 403), `${begin} 403 ${words}`));
  }

  it("means not now when any of its codes does", () => {
    const body =
      '{"error_code":"CCE_CM.0002","error_msg":"Resource status invalid","errorCode":"E.CFE.4030002","message":"node pool status is Synchronizing"}';
    const error = serviceError("synchronize the node pool", { status: 403, body, headers: {} }, now);
    assert.equal(error.errorCode, errorCodes.busy);
    assert.ok(isRetryLater(error));
  });

  for (const [what, body, headers, remedy] of [
    [
      "by the date of the answer",
      '{"error_code":"APIGW.0303","error_msg":"Incorrect date"}',
      { date: "Fri, 02 Jan 2026 03:34:05 GMT" },
      "Set this machine's clock: it is 30 minutes behind the service's.",
    ],
    [
      "by the words of the answer",
      '{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: signature expired, signature time:20260102T030405Z,server time:20260102T014405Z"}',
      {},
      "Set this machine's clock: it is 80 minutes ahead of the service's.",
    ],
    [
      "where neither says how much",
      '{"error_code":"APIGW.0301","error_msg":"signature expired, signature time:x,server time:y"}',
      {},
      "Set this machine's clock: the service refused a signature for its time.",
    ],
  ] as const) {
    it(`is about this machine's clock, ${what}`, () => {
      const { remedy: said, errorCode } = serviceError("list the nodes", { status: 401, body, headers }, now);
      assert.equal(said, remedy);
      assert.equal(errorCode, errorCodes.credentialsRefused);
    });
  }

  it("says where it was redirected, and that redirections are not followed", () => {
    const headers = { location: "https://login.example/\u001b[31m" };
    const error = serviceError("list the nodes", { status: 302, body: "<html>Moved</html>", headers }, now);
    assert.equal(
      error.message,
      `${begin} 302 (redirected to https://login.example/ [31m; redirections are not followed)`,
    );
    assert.equal(error.errorCode, errorCodes.unreachable);
    assert.match(
      error.remedy,
      /^Check the endpoint, the proxy and the network: something other than the service/,
    );
  });

  it("asks to wait until a date by the clock of the service, however wrong this machine's is", () => {
    const headers = { date: "Fri, 02 Jan 2026 12:00:00 GMT", "retry-after": "Fri, 02 Jan 2026 12:00:30 GMT" };
    assert.equal(serviceError("list the nodes", { status: 429, body: "", headers }, now).retryAfter, 30_000);
  });

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
