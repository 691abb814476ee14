import assert from "node:assert/strict";
import fc from "fast-check";
import { type SignableRequest, sign } from "../../provider/cce/signer.ts";
import { anyText, holds } from "../support/properties.ts";
import { authorizationOf, type MeantRequest } from "../support/service/independentSigner.ts";

const at = new Date("2024-05-06T07:08:09Z");
const date = "20240506T070809Z";
const key = { accessKey: "FAKEACCESSKEY", secretKey: "fake-secret-key" };

/** Well-formed text, rich in what paths, queries and headers make something of. */
const word = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom("%", "%2F", "%zz", " ", "/", ".", "..", "~", "+", "&", "=", "?"),
      },
      { weight: 2, arbitrary: fc.constantFrom("a", "B", "0", "-", "_", "!", "'", "(", "*", ":", "é", "🚀") },
      { weight: 1, arbitrary: anyText({ minLength: 1, maxLength: 1 }) },
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

const headerName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,9}$/).filter((name) => !/^x-sdk-/i.test(name));
const blank = fc.stringMatching(/^[ \t]{0,3}$/);
const headerValue = fc
  .tuple(blank, word, blank)
  .map(([before, inner, after]) => before + inner.trim() + after);
const headers = fc
  .uniqueArray(fc.tuple(headerName, headerValue), {
    maxLength: 4,
    selector: ([name]) => name.toLowerCase(),
  })
  .map((entries) => Object.fromEntries(entries));

const meant: fc.Arbitrary<MeantRequest> = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"),
  segments: fc.array(word, { minLength: 1, maxLength: 5 }),
  parameters: fc.array(fc.tuple(fc.oneof(fc.constantFrom("a", "b"), word), word), { maxLength: 4 }),
  headers,
  body: fc.uint8Array({ maxLength: 20 }),
});

/** Ways to spell the same text in an address: all of them decode to it. */
const spellings: readonly ((text: string) => string)[] = [
  encodeURIComponent,
  (text) => encodeURIComponent(text).replace(/%../g, (hex) => hex.toLowerCase()),
  (text) => Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
];

/** The request as it would be sent. */
function spell(request: MeantRequest, style: number, bareNames: boolean): SignableRequest {
  const encode = spellings[style % spellings.length] ?? encodeURIComponent;
  const pairs = request.parameters.map(([name, value]) =>
    value === "" && bareNames && name !== "" ? encode(name) : `${encode(name)}=${encode(value)}`,
  );
  return {
    method: request.method,
    path: request.segments.map((segment) => `/${encode(segment)}`).join(""),
    query: pairs.join("&"),
    headers: request.headers,
    body: request.body,
  };
}

const proofOf = (request: MeantRequest, by = key, when = at) =>
  sign(spell(request, 0, false), by, when).Authorization ?? "";

/** The text with one character replaced, or one more where there is none. */
function changeText(text: string, position: number): string {
  const characters = Array.from(text);
  const index = characters.length === 0 ? 0 : position % characters.length;
  characters[index] = characters[index] === "a" ? "b" : "a";
  return characters.join("");
}

/** The changes of one place of a request, for every part that is signed. */
const changes: Record<string, (request: MeantRequest, position: number) => MeantRequest | undefined> = {
  "the method": (request) => ({ ...request, method: request.method === "GET" ? "PUT" : "GET" }),
  "a segment of the path": (request, position) => {
    const index = position % request.segments.length;
    const segments = request.segments.with(index, changeText(request.segments[index] ?? "", position >> 3));
    return { ...request, segments };
  },
  "a parameter": (request, position) => {
    const index = position % request.parameters.length;
    const pair = request.parameters[index];
    if (pair === undefined) return undefined;
    const [name, value] = pair;
    const other: [string, string] =
      position & 1024 ? [name, changeText(value, position >> 3)] : [changeText(name, position >> 3), value];
    return { ...request, parameters: request.parameters.with(index, other) };
  },
  "a header's value": (request, position) => {
    const names = Object.keys(request.headers);
    const name = names[position % names.length];
    if (name === undefined) return undefined;
    const value = changeText(request.headers[name]?.trim() ?? "", position >> 3);
    return { ...request, headers: { ...request.headers, [name]: value } };
  },
  "a header's name": (request, position) => {
    const names = Object.keys(request.headers);
    const name = names[position % names.length];
    if (name === undefined) return undefined;
    const { [name]: value = "", ...others } = request.headers;
    return { ...request, headers: { ...others, [`${name}-other`]: value } };
  },
  "a byte of the body": (request, position) => {
    const { body } = request;
    if (body.length === 0) return { ...request, body: Uint8Array.of(position & 255) };
    const index = position % body.length;
    return { ...request, body: body.with(index, (body[index] ?? 0) ^ ((position % 255) + 1)) };
  },
};

describe("the signer, against a second implementation of the written rules", () => {
  it("makes the same signature of any request, however its address is spelled", () => {
    holds(
      fc.property(meant, fc.nat(2), fc.boolean(), (request, style, bareNames) => {
        const expected = authorizationOf(
          { ...request, headers: { ...request.headers, "X-Sdk-Date": date } },
          key.accessKey,
          key.secretKey,
          date,
        );
        assert.equal(sign(spell(request, style, bareNames), key, at).Authorization, expected);
      }),
    );
  });

  it("makes the same signature with the token of temporary keys among the headers", () => {
    holds(
      fc.property(meant, fc.stringMatching(/^[!-~]{1,40}$/), (request, securityToken) => {
        const added = { "X-Sdk-Date": date, "X-Security-Token": securityToken };
        const expected = authorizationOf(
          { ...request, headers: { ...request.headers, ...added } },
          key.accessKey,
          key.secretKey,
          date,
        );
        assert.equal(sign(spell(request, 0, false), { ...key, securityToken }, at).Authorization, expected);
      }),
    );
  });

  it("makes the same signature with any key at any second", () => {
    const second = fc.integer({ min: 0, max: 4_102_444_799 });
    holds(
      fc.property(fc.stringMatching(/^[!-~]{1,40}$/), second, (secretKey, when) => {
        const [day = "", time = ""] = new Date(when * 1000).toISOString().split(/T|\.000Z/);
        const stamp = `${day.replaceAll("-", "")}T${time.replaceAll(":", "")}Z`;
        const request: MeantRequest = {
          method: "GET",
          segments: ["v3"],
          parameters: [],
          headers: { Host: "cce.example.com" },
          body: new Uint8Array(),
        };
        const expected = authorizationOf(
          { ...request, headers: { ...request.headers, "X-Sdk-Date": stamp } },
          key.accessKey,
          secretKey,
          stamp,
        );
        assert.equal(proofOf(request, { ...key, secretKey }, new Date(when * 1000)), expected);
      }),
    );
  });

  for (const [part, change] of Object.entries(changes)) {
    it(`makes another signature when one place of it changes: ${part}`, () => {
      holds(
        fc.property(meant, fc.nat(4095), (request, position) => {
          const changed = change(request, position);
          fc.pre(changed !== undefined);
          assert.notEqual(proofOf(changed), proofOf(request));
        }),
      );
    });
  }

  it("makes the same signature in whatever order headers and parameters come", () => {
    holds(
      fc.property(meant, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (request, ranks) => {
        const shuffle = <T>(items: readonly T[]) =>
          items
            .map((item, index) => ({ item, rank: ranks[index] ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ item }) => item);
        const other = {
          ...request,
          parameters: shuffle(request.parameters),
          headers: Object.fromEntries(shuffle(Object.entries(request.headers))),
        };
        assert.equal(proofOf(other), proofOf(request));
      }),
    );
  });
});
