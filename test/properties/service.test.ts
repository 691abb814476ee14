import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { ConnectionError, ServiceError } from "../../provider/errors/errors.ts";
import { holdsInTime, ofCases } from "../support/properties.ts";
import { page, useScriptedService } from "../support/service/scriptedService.ts";
import { answer, calls, documented } from "../support/service/serviceAnswers.ts";

describe("answers of the service, whatever they are", () => {
  const service = useScriptedService();

  it("are of the documented shape, or an error that says what was asked", async () => {
    let good = 0;
    await holdsInTime(
      fc.asyncProperty(answer, async ({ name, status, body }) => {
        service.respond = (response) => response.writeHead(status).end(body);
        try {
          const value = await calls[name](service.cce);
          assert.ok(documented[name](value), JSON.stringify(value));
          for (const text of shownTexts(value)) assert.doesNotMatch(text, /[\p{Cc}\p{Bidi_Control}]/u);
          good += 1;
        } catch (error) {
          assert.ok(error instanceof ConnectionError || error instanceof ServiceError, String(error));
          assert.match(error.message, /the request to (list|show|synchronize) the /);
          assert.doesNotMatch(error.message, /[\p{Cc}\p{Bidi_Control}]/u);
        }
      }),
    );
    assert.ok(good > ofCases(2000), `${good} were read`);
  });

  for (const [what, uids, nextMarker] of [
    ["repeats the same page behind new markers", () => ["n1"], (count: number) => `m${count}`],
    ["repeats the same page behind the same marker", () => ["n1"], () => "m"],
    ["goes on with new nodes for ever", (count: number) => [`n${count}`], (count: number) => `m${count}`],
    [
      "goes on with new large pages for ever",
      (count: number) => Array.from({ length: 5000 }, (_, at) => `n${count}-${at}`),
      (count: number) => `m${count}`,
    ],
  ] as const) {
    it(`end in an error when the list of nodes ${what}`, async () => {
      service.respond = (response, count) => response.end(page(uids(count), nextMarker(count)));
      await assert.rejects(service.cce.listNodes("c"), (error) => {
        assert.ok(error instanceof ConnectionError);
        assert.match(
          error.message,
          /^no usable answer to the request to list the nodes: the list has no end \(\d+ nodes/,
        );
        return true;
      });
      assert.ok(service.requests <= 1000, `${service.requests} requests`);
    });
  }

  it("are a list of nodes that ends with an empty page without a marker, each node once", async () => {
    const pages = [page(["a", "b"], "b"), page(["b", "c"], "c"), page([], "")];
    service.respond = (response, count) => response.end(pages[count - 1]);
    assert.deepEqual(
      (await service.cce.listNodes("c")).map(({ id }) => id),
      ["a", "b", "c"],
    );
    assert.equal(service.requests, 3);
  });

  const whole = { metadata: { uid: "a", name: "a" } };
  for (const [what, body] of [
    ["null in its place", { items: null }],
    ["nothing in its place", {}],
    ["nothing in its place, beside a marker", { pageInfo: { nextMarker: "x" } }],
    ["an object in its place", { items: {} }],
    ["an item that has no id", { items: [whole, { metadata: {} }] }],
    ["an item that is null", { items: [whole, null] }],
  ] as const) {
    it(`are no list, neither of nodes nor of pools, with ${what}`, async () => {
      service.respond = (response) => response.end(JSON.stringify(body));
      await assert.rejects(service.cce.listNodes("c"), ConnectionError);
      await assert.rejects(service.cce.listNodePools("c"), ConnectionError);
    });
  }

  for (const nextMarker of ["x", 5, {}]) {
    it(`are no list of nodes with an empty page beside the marker ${JSON.stringify(nextMarker)}`, async () => {
      service.respond = (response) => response.end(JSON.stringify({ items: [], pageInfo: { nextMarker } }));
      await assert.rejects(service.cce.listNodes("c"), ConnectionError);
    });
  }

  it("are all nodes of all pages, or an error, however the pages were spoiled", async () => {
    const spoil = fc.constantFrom<unknown>(undefined, null, [], [{ metadata: {} }], "x");
    const spoiled = fc.option(fc.record({ at: fc.nat(3), items: spoil }), { nil: undefined });
    await holdsInTime(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), spoiled, async (count, fault) => {
        service.respond = (response, _, url) => {
          const marker = new URL(url, "http://x").searchParams.get("marker");
          const at = marker === null ? 0 : Number(marker.slice(1));
          const nextMarker = at < count - 1 ? `m${at + 1}` : "";
          const items = fault?.at === at ? fault.items : [{ metadata: { uid: `n${at}` } }];
          response.end(JSON.stringify({ items, pageInfo: { nextMarker } }));
        };
        // An empty last page is an end like any other; every other spoiled page makes the list unusable.
        const harmless = Array.isArray(fault?.items) && fault.items.length === 0 && fault.at === count - 1;
        const listing = service.cce.listNodes("c").then((nodes) => nodes.length);
        if (fault === undefined || fault.at >= count) assert.equal(await listing, count);
        else if (harmless) assert.equal(await listing, count - 1);
        else await assert.rejects(listing, ConnectionError);
      }),
    );
  });

  it("may have a marker that is no well-formed text", async () => {
    const urls: string[] = [];
    service.respond = (response, count, url) => {
      urls.push(url);
      response.end(count === 1 ? page(["a"], "\ud800&limit=1") : page(["b"], ""));
    };
    assert.equal((await service.cce.listNodes("c")).length, 2);
    assert.match(urls[1] ?? "", /\?limit=2000&marker=%EF%BF%BD%26limit%3D1$/);
  });

  it("are unreadable when they come compressed, which nobody asked for", async () => {
    const headers = { "content-encoding": "gzip" };
    service.respond = (response) => response.writeHead(200, headers).end(gzipSync(page(["a"], "")));
    await assert.rejects(service.cce.listNodes("c"), ConnectionError);
  });

  it("leave the prototype of objects alone", async () => {
    const polluting = '{"metadata":{"uid":"a","__proto__":{"polluted":1}},"__proto__":{"polluted":1}}';
    service.respond = (response) => response.end(`{"items":[${polluting}],"__proto__":{"polluted":1}}`);
    assert.equal((await service.cce.listNodes("c"))[0]?.id, "a");
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});

/** The texts that a user reads; ids are sent back as they came, and times are only compared. */
function shownTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  const unshown = [
    "id",
    "poolId",
    "createdAt",
    "updatedAt",
    "serverId",
    "probedAt",
    "transition",
    "references",
  ];
  return Object.entries(value).flatMap(([key, inner]) => (unshown.includes(key) ? [] : shownTexts(inner)));
}
