import assert from "node:assert/strict";
import { createHttp } from "../../provider/cce/http.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { ConnectionError } from "../../provider/errors/errors.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { tell } from "../support/lifecycle/story.ts";
import { type LoopbackServer, startHttp, startSilence, vacantOrigin } from "../support/service/loopback.ts";

const all = { onCreate: "all" } as const;
const hour = 3_600_000;

describe("an address that nobody serves", () => {
  it("ends a run after a minute, whatever time it is granted, and names the host and its setting", () =>
    tell({}, async (story) => {
      const endpoint = await vacantOrigin();
      for (const timeout of [undefined, hour]) {
        const begun = story.clock.now();
        const { end, code, message } = await story.up({ ...all, endpoint }, undefined, timeout);
        assert.equal(end, "refused");
        assert.equal(code, errorCodes.unreachable);
        assert.ok(story.clock.now() - begun <= 90_000);
        assert.ok(message.includes(new URL(endpoint).host), message);
        assert.match(
          message,
          /cannot be reached \(ECONNREFUSED\); this address comes from the input endpoint/,
        );
      }
    }));

  for (const service of ["iam", "cce"] as const)
    it(`is named with the region that it is made of, when there is no such region: ${service}`, () =>
      tell(
        {},
        async (story) => {
          const { projectId } = story.emulator;
          const begun = story.clock.now();
          const inputs = { ...all, region: "test-9", ...(service === "cce" && { projectId }) };
          const { end, code, message } = await story.up(inputs, undefined, hour);
          assert.equal(end, "refused");
          assert.equal(code, errorCodes.unreachable);
          assert.ok(story.clock.now() - begun <= 90_000);
          assert.match(
            message,
            new RegExp(`${service}\\.test-9\\.cloud\\.example cannot be reached \\((ENOTFOUND|EAI_AGAIN)\\)`),
          );
          assert.match(message, /this address comes from .*the input region, test-9/);
        },
        { HW_ENDPOINTS: "", HW_CLOUD: "cloud.example" },
      ));

  it("ends it sooner when the user grants less", () =>
    tell({}, async (story) => {
      const endpoint = await vacantOrigin();
      const begun = story.clock.now();
      const { message } = await story.up({ ...all, endpoint }, undefined, 30_000);
      assert.ok(story.clock.now() - begun <= 31_000);
      assert.match(message, /cannot be reached/);
    }));

  it("is named, with its setting, when the user interrupts", () =>
    tell({}, async (story) => {
      const endpoint = await vacantOrigin();
      story.after(20, () => story.interrupt.abort());
      const { code, message } = await story.up({ ...all, endpoint });
      assert.equal(code, errorCodes.interrupted);
      assert.match(
        message,
        /interrupted while waiting: .*127\.0\.0\.1:\d+ cannot be reached .*the input endpoint/,
      );
    }));

  it("is tried until the deadline once it has answered", () =>
    tell({}, async (story) => {
      const drop = { kind: "drop" } as const;
      const fault = story.emulator.addFault({
        kind: "nodes",
        skip: 3,
        times: Number.POSITIVE_INFINITY,
        effect: drop,
      });
      story.after(600, () => fault.remove());
      await story.synced(all);
      assert.equal(story.sent.length, 1);
    }));

  it("keeps a refresh from its end for no more than two minutes, and the state stays", () =>
    tell({}, async (story) => {
      const state = await story.synced(all);
      story.restart();
      const endpoint = await vacantOrigin();
      const moved = { ...state, record: { ...state.record, endpoint } };
      const begun = story.clock.now();
      await assert.rejects(story.refresh(moved), /cannot be reached/);
      assert.ok(story.clock.now() - begun <= 121_000);
    }));

  it("fails an update that moves the resource there, and the state stays as it was", () =>
    tell({}, async (story) => {
      const state = await story.synced(all);
      const { end } = await story.up({ ...all, endpoint: await vacantOrigin() }, state);
      assert.equal(end, "refused");
    }));
});

describe("an endpoint that is none", () => {
  let harness: LifecycleHarness;
  beforeEach(async () => {
    harness = await createLifecycleHarness();
  });
  afterEach(() => harness.close());

  it("that does not speak TLS ends the run at once, and nothing was sent", async () => {
    const endpoint = harness.emulator.url.replace("http:", "https:");
    const begun = harness.clock.now();
    const { end, message } = await outcomeOf(harness, { inputs: { ...harness.inputs, endpoint } });
    assert.equal(end, "refused");
    assert.match(
      message,
      /nothing was sent: 127\.0\.0\.1:\d+ does not speak TLS .*\. Correct the endpoint, /,
    );
    assert.equal(harness.emulator.requests.length, 0);
    assert.equal(harness.clock.now(), begun);
  });

  it("where nobody listens is tried for a minute, and the sync goes out when somebody does", async () => {
    const inputs = { ...harness.inputs, endpoint: await vacantOrigin() };
    const begun = harness.clock.now();
    const { end, message } = await outcomeOf(harness, { inputs });
    assert.equal(end, "refused");
    assert.match(message, /cannot be reached \(ECONNREFUSED\); this address comes from the input endpoint/);
    assert.ok(harness.clock.now() - begun < 80_000);
    assert.equal((await outcomeOf(harness)).end, "synced");
  });
});

describe("a request that takes too long", () => {
  it("cannot have arrived when its connection never stood", async () => {
    const silence = await startSilence();
    const http = createHttp({ answerTimeout: 50 });
    const { origin } = silence;
    const sent = http.handler({
      call: "synchronize the node pool",
      method: "POST",
      origin,
      path: "/",
      headers: {},
    });
    await assert.rejects(sent, (error) => {
      assert.ok(error instanceof ConnectionError && !error.mayHaveArrived, String(error));
      assert.match(error.message, /did not answer within 0\.05 s/);
      return true;
    });
    await http.close();
    await silence.close();
  });
});

describe("an address", () => {
  let server: LoopbackServer;
  const http = createHttp();
  const ask = () =>
    http.handler({
      call: "list the nodes",
      method: "GET",
      origin: server.origin,
      path: "/",
      headers: {},
      originSetting: "region (environment HW_REGION_NAME)",
    });
  after(() => http.close());

  it("that has never answered is named with the setting that it comes from, and after an answer without it", async () => {
    server = await startHttp((_, response) => response.end());
    await server.close();
    await assert.rejects(ask(), (error) => {
      assert.ok(error instanceof ConnectionError && !error.everAnswered);
      assert.equal(error.origin, server.origin);
      assert.match(
        error.message,
        /: 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\); this address comes from region \(environment HW_REGION_NAME\)$/,
      );
      return true;
    });
    server = await startHttp((_, response) => response.end());
    await ask();
    await server.close();
    await assert.rejects(ask(), (error) => {
      assert.ok(error instanceof ConnectionError && error.everAnswered);
      assert.doesNotMatch(error.message, /this address comes from/);
      return true;
    });
  });
});
