import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Cce, openCce } from "../../provider/cce/client.ts";
import { openHttp } from "../../provider/cce/http.ts";
import { ConnectionError, ServiceError } from "../../provider/errors/errors.ts";
import { holdsInTime } from "./cases.ts";
import { answer, calls, documented } from "./serviceAnswers.ts";

describe("answers of the service, whatever they are", () => {
  let server: Server;
  let cce: Cce;
  let respond: (response: ServerResponse, requests: number, url: string) => void;
  let requests = 0;
  const http = openHttp();
  // Pauses between tries are no matter here.
  const clock = { now: () => 0, sleep: async () => undefined };
  const free = { enter: async () => undefined, slowDown: () => undefined };

  before((done) => {
    server = createServer((request, response) => {
      requests += 1;
      request.resume();
      respond(response, requests, request.url ?? "");
    }).listen(0, "127.0.0.1", () => {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      cce = openCce({ endpoint, projectId: "p", exchange: http.exchange, reads: free, writes: free, clock });
      done();
    });
  });
  beforeEach(() => {
    requests = 0;
  });
  after(async () => {
    await http.close();
    server.close();
  });

  it("are of the documented shape, or an error that says what was asked", async () => {
    let good = 0;
    await holdsInTime(
      fc.asyncProperty(answer, async ({ name, status, body }) => {
        respond = (response) => response.writeHead(status).end(body);
        try {
          const value = await calls[name](cce);
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
    assert.ok(good > 2000, `${good} were read`);
  });

  const page = (uids: readonly string[], nextMarker: string) =>
    JSON.stringify({ items: uids.map((uid) => ({ metadata: { uid } })), pageInfo: { nextMarker } });

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
      respond = (response, count) => response.end(page(uids(count), nextMarker(count)));
      await assert.rejects(cce.listNodes("c"), (error) => {
        assert.ok(error instanceof ConnectionError);
        assert.match(
          error.message,
          /^no usable answer to the request to list the nodes: the list has no end \(\d+ nodes/,
        );
        return true;
      });
      assert.ok(requests <= 1000, `${requests} requests`);
    });
  }

  it("are a list of nodes that ends with an empty page, whatever marker it has, each node once", async () => {
    const pages = [page(["a", "b"], "b"), page(["b", "c"], "c"), page([], "c")];
    respond = (response, count) => response.end(pages[count - 1]);
    assert.deepEqual(
      (await cce.listNodes("c")).map(({ id }) => id),
      ["a", "b", "c"],
    );
    assert.equal(requests, 3);
  });

  it("may have a marker that is no well-formed text", async () => {
    const urls: string[] = [];
    respond = (response, count, url) => {
      urls.push(url);
      response.end(count === 1 ? page(["a"], "\ud800&limit=1") : page(["b"], ""));
    };
    assert.equal((await cce.listNodes("c")).length, 2);
    assert.match(urls[1] ?? "", /\?limit=2000&marker=%EF%BF%BD%26limit%3D1$/);
  });

  it("may be one page of 200,000 nodes", async () => {
    respond = (response) =>
      response.end(
        page(
          Array.from({ length: 200_000 }, (_, at) => `${at}`),
          "",
        ),
      );
    assert.equal((await cce.listNodes("c")).length, 200_000);
  });

  const deep = 100_000;
  for (const [what, body] of [
    ["arrays", "[".repeat(deep) + "]".repeat(deep)],
    ["objects", `${'{"items":'.repeat(deep)}0${"}".repeat(deep)}`],
    ["arrays that never end", "[".repeat(deep)],
    ["jobs", '{"status":{"phase":"Success"},"spec":{"subJobs":['.repeat(deep) + "]}}".repeat(deep)],
  ] as const) {
    it(`are unreadable, and no fault of ours, when they are ${deep} nested ${what}`, async () => {
      respond = (response) => response.end(body);
      for (const name of ["nodes", "pools", "job"] as const)
        await assert.rejects(calls[name](cce), ConnectionError);
      respond = (response) => response.writeHead(403).end(body);
      await assert.rejects(cce.showJob("j"), ServiceError);
    });
  }

  it("are read up to 50 MiB, and no further", async () => {
    const room = 50 * 1024 * 1024;
    const short = page(["a"], "");
    respond = (response) => response.end(short + " ".repeat(room - short.length));
    assert.equal((await cce.listNodes("c")).length, 1);
    respond = (response) => response.end(short + " ".repeat(room - short.length + 1));
    await assert.rejects(cce.listNodes("c"), /sent more than 50 MiB/);
  });

  it("are given up when they never end, with no more than that read of them", async () => {
    const chunk = Buffer.alloc(1024 * 1024, " ");
    let sent = 0;
    let endless = 0;
    respond = (response) => {
      endless += 1;
      const send = () => {
        while (!response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", send);
            return;
          }
        }
      };
      send();
    };
    await assert.rejects(cce.showJob("j"), /sent more than 50 MiB/);
    assert.ok(sent < endless * 80 * 1024 * 1024, `${sent} bytes in ${endless} answers`);
  });

  it("are unreadable when they come compressed, which nobody asked for", async () => {
    const headers = { "content-encoding": "gzip" };
    respond = (response) => response.writeHead(200, headers).end(gzipSync(page(["a"], "")));
    await assert.rejects(cce.listNodes("c"), ConnectionError);
  });

  it("leave the prototype of objects alone", async () => {
    const polluting = '{"metadata":{"uid":"a","__proto__":{"polluted":1}},"__proto__":{"polluted":1}}';
    respond = (response) => response.end(`{"items":[${polluting}],"__proto__":{"polluted":1}}`);
    assert.equal((await cce.listNodes("c"))[0]?.id, "a");
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});

/** The texts that a user reads; ids are sent back as they came, and times are only compared. */
function shownTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  const unshown = ["id", "poolId", "createdAt", "updatedAt"];
  return Object.entries(value).flatMap(([key, inner]) => (unshown.includes(key) ? [] : shownTexts(inner)));
}
