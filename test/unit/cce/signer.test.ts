import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import {
  type AccessKey,
  canonicalRequest,
  type SignableRequest,
  sdkDate,
  sign,
  signature,
  stringToSign,
} from "../../../provider/cce/signer.ts";
import { root, textOf } from "../../support/root.ts";

/** See the README beside the vectors. */
interface Vector {
  readonly name: string;
  readonly request: Omit<SignableRequest, "body"> & { readonly body?: string; readonly bodyBase64?: string };
  readonly key: AccessKey;
  readonly date: string;
  readonly canonicalRequest: readonly string[];
  readonly authorization: string;
  readonly oracles: readonly string[];
  readonly disagree?: Readonly<Record<string, string>>;
}

const folder = "test/fixtures/signer";

for (const file of readdirSync(`${root}/${folder}`).filter((name) => name.endsWith(".json"))) {
  const vectors: Vector[] = JSON.parse(textOf(`${folder}/${file}`));

  describe(`the signer, vectors of ${file}`, () => {
    for (const vector of vectors) {
      it(vector.name, () => {
        const request = requestOf(vector);
        const added = sign(request, vector.key, new Date(vector.date));
        const names = /SignedHeaders=([^,]*)/.exec(added.Authorization ?? "")?.[1]?.split(";") ?? [];
        const sent = { ...request, headers: { ...request.headers, ...added } };
        assert.equal(canonicalRequest(sent, names), vector.canonicalRequest.join("\n"));
        assert.equal(added.Authorization, vector.authorization);
        assert.equal(added["X-Security-Token"], vector.key.securityToken);
      });
    }

    it("say of every SDK that it agrees, or what it does otherwise", () => {
      for (const { name, oracles, disagree = {} } of vectors) {
        assert.deepEqual([...oracles, ...Object.keys(disagree)].sort(), ["go", "node", "python"], name);
      }
    });
  });
}

const key: AccessKey = { accessKey: "FAKEACCESSKEY", secretKey: "fake-secret-key" };
const at = new Date("2024-05-06T07:08:09Z");
const request: SignableRequest = {
  method: "POST",
  path: "/v3/nodes",
  query: "limit=1",
  headers: { Host: "cce.example.com", "Content-Type": "application/json" },
  body: "{}",
};

describe("the signer", () => {
  it("spells a date in UTC, to the second", () => {
    assert.equal(sdkDate(new Date("2024-05-06T23:08:09.999-02:00")), "20240507T010809Z");
  });

  it("adds the date and the signature, and changes nothing else", () => {
    const before = structuredClone(request);
    assert.deepEqual(Object.keys(sign(request, key, at)), ["X-Sdk-Date", "Authorization"]);
    assert.deepEqual(request, before);
  });

  it("adds the token that temporary keys come with", () => {
    const added = sign(request, { ...key, securityToken: "fake-token" }, at);
    assert.deepEqual(Object.keys(added), ["X-Sdk-Date", "X-Security-Token", "Authorization"]);
    assert.equal(added["X-Security-Token"], "fake-token");
  });

  it("gives its three steps one by one to whoever has to verify a signature", () => {
    const added = sign(request, key, at);
    const sent = { ...request, headers: { ...request.headers, ...added, "User-Agent": "not signed" } };
    const canonical = canonicalRequest(sent, ["content-type", "host", "x-sdk-date"]);
    const expected = signature(stringToSign(canonical, "20240506T070809Z"), key.secretKey);
    assert.ok(added.Authorization?.endsWith(`Signature=${expected}`));
  });

  it("counts a signed header that is missing as an empty one", () => {
    const canonical = canonicalRequest(request, ["host", "x-a"]);
    assert.deepEqual(canonical.split("\n").slice(3, 6), ["host:cce.example.com", "x-a:", ""]);
  });

  it("counts a missing header as empty even if objects in JavaScript inherit something of its name", () => {
    const names = ["__proto__", "constructor", "toString"];
    const canonical = canonicalRequest(request, names);
    assert.deepEqual(canonical.split("\n").slice(3, 6), ["__proto__:", "constructor:", "toString:"]);
  });

  it("never shows the secret key", () => {
    assert.ok(!JSON.stringify(sign(request, key, at)).includes(key.secretKey));
  });

  const changes: Record<string, Partial<SignableRequest>> = {
    method: { method: "PUT" },
    path: { path: "/v3/Nodes" },
    query: { query: "limit=2" },
    "header's value": { headers: { ...request.headers, Host: "cce.example.org" } },
    "header's name": { headers: { Host: "cce.example.com", "Content-Typ": "application/json" } },
  };
  for (const [part, change] of Object.entries(changes)) {
    it(`gives another signature when the ${part} changes`, () => {
      assert.notEqual(proofOf({ ...request, ...change }), proofOf(request));
    });
  }

  it("gives another signature a second later, and with another secret key", () => {
    const proofs = [
      proofOf(request),
      proofOf(request, key, new Date(at.getTime() + 1000)),
      proofOf(request, { ...key, secretKey: "fake-secret-kez" }),
    ];
    assert.equal(new Set(proofs).size, proofs.length);
  });
});

/** Any text that JavaScript can hold, halves of surrogate pairs and control characters too, rich in what is special here. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom("/", "%", "%2", "%2F", "%7e", "%ff", "&", "=", "+", ".", "~", "é", "🚀"),
      fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
    ),
  )
  .map((parts) => parts.join(""));
const anyRequest = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
  path: anyText,
  query: anyText,
  headers: fc.dictionary(anyText, anyText),
  body: fc.oneof(anyText, fc.uint8Array()),
});

/** Items as they come, and the same ones in another order. */
function inTwoOrders<T>(item: fc.Arbitrary<T>): fc.Arbitrary<[T[], T[]]> {
  const ranked = fc.array(fc.record({ item, rank: fc.nat() }));
  return ranked.map((items) => {
    const others = items.toSorted((a, b) => a.rank - b.rank);
    return [items.map(({ item }) => item), others.map(({ item }) => item)];
  });
}

describe("the signer, with any request", () => {
  it("spells any date of four-digit years as ISO 8601 does in its basic format", () => {
    const years = { min: new Date("1000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z") };
    fc.assert(
      fc.property(fc.date({ ...years, noInvalidDate: true }), (date) => {
        assert.equal(sdkDate(date), date.toISOString().replace(/[-:]|\.\d{3}/g, ""));
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(anyRequest, (any) => {
        assert.match(proofOf(any), /^[0-9a-f]{64}$/);
      }),
    );
  });

  it("gives the same signature to the same request", () => {
    fc.assert(
      fc.property(anyRequest, (any) => {
        assert.equal(proofOf(any), proofOf(structuredClone(any)));
      }),
    );
  });

  it("gives the same signature in whatever order headers and parameters come", () => {
    const header = fc.stringMatching(/^[a-z-]{1,8}$/);
    const ordered = (names: string[], parameters: string[]) => ({
      ...request,
      headers: Object.fromEntries(names.map((name) => [name, `value of ${name}`])),
      query: parameters.join("&"),
    });
    fc.assert(
      fc.property(inTwoOrders(header), inTwoOrders(anyText), ([names, otherNames], [query, otherQuery]) => {
        assert.equal(proofOf(ordered(names, query)), proofOf(ordered(otherNames, otherQuery)));
      }),
    );
  });

  it("takes a path and a query in their canonical form for what they are", () => {
    fc.assert(
      fc.property(anyText, anyText, (path, query) => {
        const [, canonicalPath = "", canonicalQuery = ""] = linesOf({ ...request, path, query });
        const again = linesOf({ ...request, path: canonicalPath, query: canonicalQuery });
        assert.deepEqual(again.slice(1, 3), [canonicalPath, canonicalQuery]);
      }),
    );
  });

  it("encodes what encodeURIComponent has encoded no second time, and loses nothing of it", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (segments) => {
        const path = `/${segments.map(encodeURIComponent).join("/")}`;
        const canonical = linesOf({ ...request, path })[1] ?? "";
        const encoded = canonical.split("/").slice(1, segments.length + 1);
        assert.deepEqual(encoded.map(decodeURIComponent), segments);
        assert.match(canonical, /^(\/(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*)*\/$/);
      }),
    );
  });

  it("gives another signature when any one byte of the body changes", () => {
    const bodies = fc.uint8Array({ minLength: 1 });
    fc.assert(
      fc.property(bodies, fc.nat(), fc.integer({ min: 1, max: 255 }), (body, position, flipped) => {
        const index = position % body.length;
        const changed = body.map((byte, at) => (at === index ? byte ^ flipped : byte));
        assert.notEqual(proofOf({ ...request, body: changed }), proofOf({ ...request, body }));
      }),
    );
  });

  it("signs a text as its bytes in UTF-8", () => {
    fc.assert(
      fc.property(anyText, (body) => {
        assert.equal(
          proofOf({ ...request, body }),
          proofOf({ ...request, body: new TextEncoder().encode(body) }),
        );
      }),
    );
  });
});

function requestOf({ request: { bodyBase64, body = "", ...rest } }: Vector): SignableRequest {
  return { ...rest, body: bodyBase64 === undefined ? body : Buffer.from(bodyBase64, "base64") };
}

function proofOf(toSign: SignableRequest, by = key, when = at): string {
  return sign(toSign, by, when).Authorization?.split("Signature=").at(-1) ?? "";
}

function linesOf(toSign: SignableRequest): string[] {
  return canonicalRequest(toSign, []).split("\n");
}
