import assert from "node:assert/strict";
import { createEmulatorHarness, type EmulatorHarness } from "../support/service/emulatorHarness.ts";

async function statuses(count: number, request: () => Promise<{ status: number }>): Promise<number[]> {
  const seen = [];
  for (let index = 0; index < count; index += 1) seen.push((await request()).status);
  return seen;
}

const read = (harness: EmulatorHarness) => () => harness.get(harness.path(""));

describe("the emulated limits", () => {
  it("are off unless they are set", async () => {
    await using harness = await createEmulatorHarness();
    assert.deepEqual(new Set(await statuses(50, read(harness))), new Set([200]));
  });

  it("refuse writes beyond so many in a minute, the refused ones counted too", async () => {
    await using harness = await createEmulatorHarness({ resetSeconds: 1, limits: { writesPerMinute: 2 } });
    assert.deepEqual(await statuses(2, () => harness.sync()), [200, 403]);
    const refused = await harness.sync();
    assert.deepEqual([refused.status, refused.json.error_code], [429, "APIGW.0308"]);
    assert.match(refused.json.error_msg, /limit:2,time:1 minute/);
    assert.equal(refused.headers.get("Retry-After"), "60.000");
    harness.clock.pass(30);
    assert.equal((await harness.sync()).headers.get("Retry-After"), "30.000");
    assert.equal((await harness.sync()).headers.get("Retry-After"), "60.000");
    harness.clock.pass(31);
    assert.equal((await harness.sync()).status, 429, "a refused request is in the window too");
    harness.clock.pass(61);
    assert.equal((await harness.sync()).status, 200);
  });

  it("refuse reads beyond a rate and a burst", async () => {
    await using harness = await createEmulatorHarness({ limits: { readsPerSecond: 2, readBurst: 4 } });
    assert.deepEqual(await statuses(5, read(harness)), [200, 200, 200, 200, 429]);
    harness.clock.pass(0.5);
    assert.deepEqual(await statuses(2, read(harness)), [200, 429]);
    harness.clock.pass(60);
    assert.deepEqual(await statuses(5, read(harness)), [200, 200, 200, 200, 429]);
  });

  it("say when to try again in the asked share of the refusals, in seconds with a fraction", async () => {
    await using harness = await createEmulatorHarness({
      limits: { readsPerSecond: 1, retryAfterShare: 0.25 },
    });
    await read(harness)();
    const retryAfter = [];
    for (let index = 0; index < 8; index += 1)
      retryAfter.push((await read(harness)()).headers.get("Retry-After"));
    assert.deepEqual(retryAfter, [null, null, null, "1.000", null, null, null, "1.000"]);
  });

  it("leave IAM alone", async () => {
    await using harness = await createEmulatorHarness({ limits: { readsPerSecond: 1 } });
    assert.deepEqual(await statuses(3, () => harness.get("/v3/projects")), [200, 200, 200]);
  });
});
