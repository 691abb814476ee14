import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { type Effect, type ProfileName, profiles } from "../../emulator/index.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { type Bench, openBench } from "../support/bench.ts";
import { outcomeOf } from "../support/outcome.ts";

const day = 24 * 3600_000;
const forbidden: Effect = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } };
const broken: Effect = { kind: "answer", status: 500, body: { errorCode: "CCE.01500001" } };

describe("when two things go wrong at once, a sync", () => {
  let bench: Bench;
  const open = async (profile: ProfileName, nodesPerPool = 4) => {
    bench = await openBench({ profile, nodesPerPool });
    bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
  };
  afterEach(() => bench.close());

  for (const status of [401, 403, 404]) {
    it(`is remembered when the answer to the POST is lost and the next look is refused with ${status}`, async () => {
      await open("standard");
      bench.emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: true } });
      bench.emulator.addFault({ kind: "pools", skip: 1, effect: { kind: "answer", status, body: {} } });
      const first = await outcomeOf(bench);
      assert.equal(first.end, "inProgress", first.message);
      assert.match(
        first.message,
        new RegExp(`connection to .* broke .*; then .* ${status} .*not sent again`),
      );
      assert.equal(first.code, errorCodes.unanswered);
      bench.restart();
      assert.equal((await outcomeOf(bench, { previous: first.state })).end, "synced");
      assert.equal(bench.emulator.acceptedSyncs.length, 1);
    });
  }

  it("is remembered when the answer to the POST is lost and the pool disappears", async () => {
    await open("standard");
    bench.emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: true } });
    bench.emulator.onRequest(({ kind }, moment) => {
      if (kind === "sync" && moment === "acted") bench.emulator.cluster.removePool(bench.inputs.nodePoolId);
    });
    const { end, message } = await outcomeOf(bench);
    assert.equal(end, "inProgress");
    assert.match(message, /; then nodePoolId: .* has no node pool .*not sent again/);
  });

  it("is no success when its job has failed and cannot be read at first", async () => {
    await open("vanishingFailsJob");
    bench.emulator.cluster.vanish(bench.emulator.cluster.pools[0]?.nodes[0]?.id ?? "");
    const jobs = bench.emulator.addFault({ kind: "job", times: 5, effect: broken });
    const { end, message } = await outcomeOf(bench);
    assert.equal(jobs.hits, 5);
    assert.equal(end, "failed", message);
  });

  it("is no success when the nodes could not be listed before it and nothing else tells of it", async () => {
    await open("bare");
    bench.emulator.addFault({ kind: "nodes", effect: forbidden });
    const { end, message } = await outcomeOf(bench);
    assert.equal(end, "inProgress");
    assert.match(message, /accepted .* ago, but no sign that it has begun/);
  });

  it("is found by its job a day later where neither pool nor nodes show that it ran", async () => {
    await open("noUpdateTimes");
    bench.emulator.addFault({ kind: "pools", skip: 1, effect: forbidden });
    const { state } = await outcomeOf(bench);
    await bench.clock.sleep(day);
    bench.restart();
    bench.emulator.addFault({ kind: "job", times: 20, effect: broken });
    assert.equal((await outcomeOf(bench, { previous: state })).end, "synced");
    assert.equal(bench.emulator.acceptedSyncs.length, 1);
  });

  it("ends at its deadline though the service asks every look to wait longer", async () => {
    await open("standard");
    const body = { error_code: "APIGW.0308" };
    const effect: Effect = { kind: "answer", status: 429, body, headers: { "Retry-After": "500" } };
    bench.emulator.addFault({ kind: "nodes", skip: 1, times: Number.POSITIVE_INFINITY, effect });
    const begun = bench.clock.now();
    assert.equal((await outcomeOf(bench, { timeout: 200_000 })).end, "inProgress");
    assert.equal(bench.clock.now() - begun, 200_000);
  });
});

describe("an endpoint that is none", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  it("that does not speak TLS ends the run at once, and nothing was sent", async () => {
    const endpoint = bench.emulator.url.replace("http:", "https:");
    const begun = bench.clock.now();
    const { end, message } = await outcomeOf(bench, { inputs: { ...bench.inputs, endpoint } });
    assert.equal(end, "refused");
    assert.match(
      message,
      /nothing was sent: 127\.0\.0\.1:\d+ does not speak TLS .*\. Correct the endpoint, /,
    );
    assert.equal(bench.emulator.requests.length, 0);
    assert.equal(bench.clock.now(), begun);
  });

  it("where nobody listens is tried until the deadline, and the sync goes out when somebody does", async () => {
    const vacant = createServer().listen(0, "127.0.0.1");
    await once(vacant, "listening");
    const { port } = vacant.address() as { port: number };
    vacant.close();
    await once(vacant, "close");
    const inputs = { ...bench.inputs, endpoint: `http://127.0.0.1:${port}` };
    const { end, message } = await outcomeOf(bench, { inputs, timeout: 120_000 });
    assert.equal(end, "refused");
    assert.match(message, /could not be sent within the deadline: .*cannot be reached \(ECONNREFUSED\)/);
    assert.equal((await outcomeOf(bench)).end, "synced");
  });
});

describe("every profile", () => {
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    it(`finds the running sync when the answer to the POST is lost: ${profile}`, async () => {
      const bench = await openBench({ profile, nodesPerPool: 4 });
      try {
        bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
        bench.emulator.addFault({ kind: "sync", effect: { kind: "answer", status: 504, acted: true } });
        const { end, message } = await outcomeOf(bench);
        assert.equal(end, "synced", message);
        assert.equal(bench.emulator.acceptedSyncs.length, 1);
      } finally {
        await bench.close();
      }
    });
  }
});
