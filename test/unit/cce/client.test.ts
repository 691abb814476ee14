import assert from "node:assert/strict";
import type { HttpRequest, HttpResponse } from "../../../provider/cce/http.ts";
import { ConnectionError, ServiceError } from "../../../provider/errors/errors.ts";
import { VirtualClock } from "../../support/lifecycle/virtualClock.ts";
import { unlimitedClient } from "../../support/service/cceClient.ts";

type Answer = Partial<Omit<HttpResponse, "body">> & { readonly body?: unknown };

/** A client whose requests are answered by this function. */
function clientWith(answer: (request: HttpRequest) => Answer) {
  const clock = new VirtualClock();
  const requests: HttpRequest[] = [];
  const cce = unlimitedClient({
    endpoint: "https://cce.example",
    handler: async (request) => {
      requests.push(request);
      const { status = 200, headers = {}, body } = answer(request);
      return { status, headers, body: JSON.stringify(body ?? {}) };
    },
    clock,
  });
  return { cce, clock, requests };
}

describe("the list of pools", () => {
  const whole = "showDefaultNodePool=true&advanceStatus=true";
  const plain = "showDefaultNodePool=true";
  const items = [{ metadata: { uid: "p1" } }];
  const refusal = { status: 400, body: { errorCode: "CCE.01400001", errorMessage: "unknown parameter" } };

  it("is asked for with the conditions of whole pools", async () => {
    const { cce, requests } = clientWith(() => ({ body: { items } }));
    assert.equal((await cce.listNodePools("c"))[0]?.id, "p1");
    assert.deepEqual(
      requests.map(({ query }) => query),
      [whole],
    );
  });

  it("is asked for without them where the service refuses that, and from then on", async () => {
    const { cce, requests } = clientWith(({ query }) => (query === whole ? refusal : { body: { items } }));
    await cce.listNodePools("c");
    assert.equal((await cce.listNodePools("c"))[0]?.id, "p1");
    assert.deepEqual(
      requests.map(({ query }) => query),
      [whole, plain, plain],
    );
  });

  it("is asked for with them again after a refusal that had another cause", async () => {
    let refuses = true;
    const { cce, requests } = clientWith(() => (refuses ? refusal : { body: { items } }));
    await assert.rejects(cce.listNodePools("c"), ServiceError);
    refuses = false;
    await cce.listNodePools("c");
    assert.deepEqual(
      requests.map(({ query }) => query),
      [whole, plain, whole],
    );
  });
});

describe("a node by its id", () => {
  const missing = (body: object) => clientWith(() => ({ status: 404, body })).cce.showNode("c", "n1");

  it("is the node, under a path that no id can leave", async () => {
    const { cce, requests } = clientWith(() => ({ body: { metadata: { uid: "../n" }, spec: { az: "z1" } } }));
    assert.equal((await cce.showNode("c", "../n"))?.zone, "z1");
    assert.equal(requests[0]?.path, "/api/v3/projects/p/clusters/c/nodes/..%2Fn");
  });

  for (const body of [
    { errorCode: "CCE.01404001", errorMessage: "Resource not found." },
    { error_code: "CCE_CM.0003", error_msg: "not found" },
    { errorCode: "E.CFE.4040001", message: "not found" },
  ]) {
    it(`is gone when the service itself says so: ${JSON.stringify(body)}`, async () => {
      assert.equal(await missing(body), undefined);
    });
  }

  for (const body of [{}, { error_code: "APIGW.0101", error_msg: "no such API" }, { message: "not found" }]) {
    it(`is not known to be gone when something else may have answered: ${JSON.stringify(body)}`, async () => {
      await assert.rejects(missing(body), ServiceError);
    });
  }

  it("is not another node", async () => {
    const { cce } = clientWith(() => ({ body: { metadata: { uid: "n2" } } }));
    await assert.rejects(cce.showNode("c", "n1"), ConnectionError);
  });
});

describe("the clock of the service", () => {
  const date = "Fri, 02 Jan 2026 12:00:00 GMT";
  const answer = { headers: { date }, body: { status: { phase: "Available" } } };

  it("is not known before the first answer, nor by answers without a date", async () => {
    const { cce } = clientWith(() => ({ ...answer, headers: {} }));
    assert.equal(cce.serviceTime(), undefined);
    await cce.showClusterPhase("c");
    assert.equal(cce.serviceTime(), undefined);
  });

  it("goes on from its newest date as time does, however this machine's clock is set", async () => {
    const { cce, clock } = clientWith(() => answer);
    await cce.showClusterPhase("c");
    assert.equal(cce.serviceTime(), Date.parse(date));
    clock.setWall(0);
    await clock.sleep(5000);
    assert.equal(cce.serviceTime(), Date.parse(date) + 5000);
    await cce.showClusterPhase("c");
    assert.equal(cce.serviceTime(), Date.parse(date));
  });

  it("is that of answers which refuse, too", async () => {
    const { cce } = clientWith(() => ({ ...answer, status: 403 }));
    await assert.rejects(cce.showClusterPhase("c"), ServiceError);
    assert.equal(cce.serviceTime(), Date.parse(date));
  });
});
