import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { createCceClient } from "../../provider/cce/client.ts";
import { createHttp } from "../../provider/cce/http.ts";
import { clusterPath, syncPath } from "../../provider/cce/paths.ts";
import { createRateLimiter } from "../../provider/cce/rateLimiter.ts";
import { check } from "../../provider/nodePoolSync/inputs/check.ts";
import { requestBody } from "../../provider/nodePoolSync/request.ts";
import { systemClock } from "../../provider/util/clock.ts";
import { pathId, validInputs } from "../support/inputs/validInputs.ts";
import { anyText, holds, holdsInTime, ofCases } from "../support/properties.ts";

/** Ids that try to become another path, another header or another request. */
const hostileId = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "../",
        "..",
        ".",
        "/",
        "\\",
        "%2e%2e",
        "%2F",
        "%",
        "?",
        "#",
        "&",
        ";",
        "@",
        ":",
        "//host",
        "a",
      ),
      fc.constantFrom(
        "\r\n",
        "\n",
        "\0",
        "\t",
        " ",
        " HTTP/1.1\r\nX: y",
        "\u0085",
        "\u2028",
        "\ufeff",
        "\ud800",
        "\udc00",
      ),
      fc.constantFrom("é", "🚀", "\u202e", "․", "／", "．．"),
      anyText({ maxLength: 4 }),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));

const isAccepted = (clusterId: string, nodePoolId: string, projectId: string) =>
  check({ clusterId, nodePoolId, projectId, maxUnavailable: 1 }).problems.length === 0;

const sentPath = /^\/api\/v3\/projects\/([^/]+)\/clusters\/([^/]+)\/nodepools\/([^/]+)\/operation\/upgrade$/;

/** Fails unless the path is that of the sync with just these ids, each in one segment that no server resolves. */
function assertMeant(path: string, ids: readonly string[]): void {
  assert.match(path, /^[!-~]+$/);
  assert.doesNotMatch(path, /[?#\\]/);
  assert.equal(new URL(path, "http://h").pathname, path);
  const segments = sentPath.exec(path)?.slice(1) ?? [];
  assert.deepEqual(segments.map(decodeURIComponent), ids);
}

describe("the path of a sync, for any ids", () => {
  it("cannot be left by an id: it is refused, or it is one segment", () => {
    let accepted = 0;
    holds(
      fc.property(hostileId, hostileId, hostileId, (clusterId, nodePoolId, projectId) => {
        for (const id of [clusterId, nodePoolId, projectId]) {
          if (!isAccepted(id, "n", "p")) continue;
          accepted += 1;
          assertMeant(syncPath(id, id, id), [id, id, id]);
          assert.equal(clusterPath(id, id).split("/").length, 7);
        }
      }),
    );
    assert.ok(accepted > ofCases(3000), `${accepted} were accepted`);
  });
});

describe("the request of a sync, as it arrives", () => {
  let server: Server;
  let arrived: { readonly request: IncomingMessage; readonly body: string }[] = [];
  const http = createHttp();

  before((done) => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      arrived.push({ request, body: Buffer.concat(chunks).toString() });
      response.end("{}");
    }).listen(0, "127.0.0.1", done);
  });
  after(async () => {
    await http.close();
    server.close();
  });

  it("is one request to the path that was meant, with nothing smuggled in, for any ids", async () => {
    const free = () => createRateLimiter(1e9, 1000, systemClock);
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ids = fc.oneof(
      pathId,
      hostileId.filter((id) => isAccepted(id, "n", "p")),
    );
    await holdsInTime(
      fc.asyncProperty(ids, ids, ids, validInputs, async (projectId, clusterId, nodePoolId, some) => {
        arrived = [];
        const body = requestBody({ ...some, clusterId, nodePoolId }, ["n"], 1);
        const { handler } = http;
        const cce = createCceClient({
          endpoint,
          projectId,
          handler,
          reads: free(),
          writes: free(),
          clock: systemClock,
        });
        assert.deepEqual(await cce.synchronize({ clusterId, nodePoolId, body }), { jobId: undefined });
        const [first] = arrived;
        assert.equal(arrived.length, 1);
        assert.equal(first?.request.method, "POST");
        assertMeant(first.request.url ?? "", [projectId, clusterId, nodePoolId]);
        const headers = Object.keys(first.request.headers).sort();
        assert.deepEqual(headers, ["accept", "connection", "content-length", "content-type", "host"]);
        assert.deepEqual(JSON.parse(first.body), JSON.parse(JSON.stringify(body)));
      }),
    );
  });
});
