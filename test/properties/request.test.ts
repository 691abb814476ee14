import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { verify } from "unixcrypt";
import { openCce } from "../../provider/cce/client.ts";
import { openHttp } from "../../provider/cce/http.ts";
import { openLimiter } from "../../provider/cce/rateLimiter.ts";
import { check } from "../../provider/nodePoolSync/check.ts";
import { passwordFaults } from "../../provider/nodePoolSync/password.ts";
import { clusterPath, syncBody, syncPath } from "../../provider/nodePoolSync/request.ts";
import type { Inputs } from "../../provider/nodePoolSync/schema.ts";
import { systemClock } from "../../provider/util/clock.ts";
import { holds, holdsInTime } from "./cases.ts";
import { pathId, validInputs } from "./validInputs.ts";

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
      fc.string({ unit: "binary", maxLength: 4 }),
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

/** The names of the request's fields and where they come from, from the API's page. */
function expectedSpec(inputs: Inputs): Record<string, unknown> {
  const {
    nodeIds,
    nodePoolId,
    maxUnavailable,
    nodeTemplate,
    force,
    retryTimes,
    skippedNodes,
    validateStorage,
  } = inputs;
  return JSON.parse(
    JSON.stringify({
      maxUnavailable,
      nodeIDs: nodeIds,
      nodePoolID: nodePoolId,
      nodeTemplate,
      force,
      retryTimes,
      skippedNodes,
      validateStorage,
    }),
  );
}

describe("the request of a sync, for any inputs", () => {
  it("has a body of the fields that were given, and of nothing else", () => {
    holds(
      fc.property(validInputs, (inputs) => {
        const body = syncBody(inputs);
        assert.deepEqual(JSON.parse(JSON.stringify(body)), { spec: expectedSpec(inputs) });
        assert.equal(JSON.stringify(JSON.parse(JSON.stringify(body))), JSON.stringify(body));
      }),
    );
  });

  it("has the password in it only as SHA-512 crypt in Base64, which is that of the plain one", () => {
    const plain = fc.string({ unit: "grapheme", minLength: 8, maxLength: 26 }).filter((text) => {
      return text.isWellFormed() && passwordFaults(text, "root").length === 0;
    });
    const rounds = 30;
    fc.assert(
      fc.property(validInputs, plain, (some, password) => {
        const nodeTemplate = { lifeCycle: {}, login: { userPassword: { username: "root", password } } };
        const text = JSON.stringify(syncBody({ ...some, nodeTemplate }));
        const sent = JSON.parse(text).spec.nodeTemplate.login.userPassword.password;
        const crypt = Buffer.from(sent, "base64").toString("latin1");
        assert.match(crypt, /^\$6\$[^$]+\$/);
        assert.ok(verify(password, crypt));
        assert.ok(!text.includes(JSON.stringify(password)));
      }),
      { numRuns: rounds },
    );
  });

  it("has a path that no id can leave: it is refused, or it is one segment", () => {
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
    assert.ok(accepted > 3000, `${accepted} were accepted`);
  });
});

describe("the request of a sync, as it arrives", () => {
  let server: Server;
  let arrived: { readonly request: IncomingMessage; readonly body: string }[] = [];
  const http = openHttp();

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
    const free = () => openLimiter(1e9, 1000, systemClock);
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ids = fc.oneof(
      pathId,
      hostileId.filter((id) => isAccepted(id, "n", "p")),
    );
    await holdsInTime(
      fc.asyncProperty(ids, ids, ids, validInputs, async (projectId, clusterId, nodePoolId, some) => {
        arrived = [];
        const inputs = { ...some, clusterId, nodePoolId };
        const { exchange } = http;
        const cce = openCce({
          endpoint,
          projectId,
          exchange,
          reads: free(),
          writes: free(),
          clock: systemClock,
        });
        assert.deepEqual(await cce.synchronize(inputs), { jobId: undefined });
        const [first] = arrived;
        assert.equal(arrived.length, 1);
        assert.equal(first?.request.method, "POST");
        assertMeant(first.request.url ?? "", [projectId, clusterId, nodePoolId]);
        const headers = Object.keys(first.request.headers).sort();
        assert.deepEqual(headers, ["accept", "connection", "content-length", "content-type", "host"]);
        assert.deepEqual(JSON.parse(first.body), { spec: expectedSpec(inputs) });
      }),
    );
  });
});
