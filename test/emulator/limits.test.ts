import assert from "node:assert/strict";
import { openScene, type Scene } from "./client.ts";

async function statuses(count: number, request: () => Promise<{ status: number }>): Promise<number[]> {
  const seen = [];
  for (let index = 0; index < count; index += 1) seen.push((await request()).status);
  return seen;
}

const read = (scene: Scene) => () => scene.get(scene.path(""));

describe("the emulated limits", () => {
  it("are off unless they are set", async () => {
    await using scene = await openScene();
    assert.deepEqual(new Set(await statuses(50, read(scene))), new Set([200]));
  });

  it("refuse writes beyond so many in a minute, the refused ones counted too", async () => {
    await using scene = await openScene({ resetSeconds: 1, limits: { writesPerMinute: 2 } });
    assert.deepEqual(await statuses(2, () => scene.sync()), [200, 403]);
    const refused = await scene.sync();
    assert.deepEqual([refused.status, refused.json.error_code], [429, "APIGW.0308"]);
    assert.match(refused.json.error_msg, /limit:2,time:1 minute/);
    assert.equal(refused.headers.get("Retry-After"), "60.000");
    scene.clock.pass(30);
    assert.equal((await scene.sync()).headers.get("Retry-After"), "30.000");
    assert.equal((await scene.sync()).headers.get("Retry-After"), "60.000");
    scene.clock.pass(31);
    assert.equal((await scene.sync()).status, 429, "a refused request is in the window too");
    scene.clock.pass(61);
    assert.equal((await scene.sync()).status, 200);
  });

  it("refuse reads beyond a rate and a burst", async () => {
    await using scene = await openScene({ limits: { readsPerSecond: 2, readBurst: 4 } });
    assert.deepEqual(await statuses(5, read(scene)), [200, 200, 200, 200, 429]);
    scene.clock.pass(0.5);
    assert.deepEqual(await statuses(2, read(scene)), [200, 429]);
    scene.clock.pass(60);
    assert.deepEqual(await statuses(5, read(scene)), [200, 200, 200, 200, 429]);
  });

  it("say when to try again in the asked share of the refusals, in seconds with a fraction", async () => {
    await using scene = await openScene({ limits: { readsPerSecond: 1, retryAfterShare: 0.25 } });
    await read(scene)();
    const told = [];
    for (let index = 0; index < 8; index += 1) told.push((await read(scene)()).headers.get("Retry-After"));
    assert.deepEqual(told, [null, null, null, "1.000", null, null, null, "1.000"]);
  });

  it("leave IAM alone", async () => {
    await using scene = await openScene({ limits: { readsPerSecond: 1 } });
    assert.deepEqual(await statuses(3, () => scene.get("/v3/projects")), [200, 200, 200]);
  });
});
