import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Effect } from "../../emulator/index.ts";
import { openScene, type Scene } from "./client.ts";

/** Whether the service has accepted one sync after a request under this effect. */
const actedUpon: [effect: Effect, status: number | "broken", acted: boolean][] = [
  [{ kind: "answer", status: 503 }, 503, false],
  [{ kind: "answer", status: 504, acted: true }, 504, true],
  [{ kind: "drop" }, "broken", false],
  [{ kind: "drop", acted: true }, "broken", true],
  [{ kind: "delay", milliseconds: 1 }, 200, true],
  [{ kind: "cutBody" }, "broken", true],
  [{ kind: "drip", pause: 0 }, 200, true],
  [{ kind: "emptyBody" }, 200, true],
  [{ kind: "wrongTypes" }, 200, true],
];

describe("a fault of the emulator", () => {
  for (const [effect, status, acted] of actedUpon) {
    it(`${JSON.stringify(effect)} lets the service ${acted ? "" : "not "}act`, async () => {
      await using scene = await openScene();
      scene.emulator.addFault({ kind: "sync", effect });
      if (status === "broken") await assert.rejects(scene.sync());
      else assert.equal((await scene.sync()).status, status);
      assert.equal(scene.emulator.acceptedSyncs.length, acted ? 1 : 0);
      assert.equal(scene.emulator.requests.at(-1)?.accepted === true, acted);
    });
  }

  it("answers the gateway's time-out unless it is given something else", async () => {
    await using scene = await openScene();
    const answer = (effect: Omit<Effect & { kind: "answer" }, "kind">) => {
      scene.emulator.addFault({ effect: { kind: "answer", ...effect } });
      return scene.get(scene.path("/nodes"));
    };
    assert.equal((await answer({ status: 504 })).json.error_code, "APIGW.0201");
    assert.deepEqual((await answer({ status: 500, body: { a: 1 } })).json, { a: 1 });
    const html = await answer({ status: 503, text: "<html></html>", headers: { "Retry-After": "1.5" } });
    assert.deepEqual(
      [html.text, html.headers.get("Content-Type"), html.headers.get("Retry-After")],
      ["<html></html>", "text/html", "1.5"],
    );
  });

  it("hits the calls that it is for, after those that it skips, as often as it says", async () => {
    await using scene = await openScene();
    const fault = scene.emulator.addFault({
      kind: ["nodes", "cluster"],
      skip: 1,
      times: 2,
      effect: { kind: "answer", status: 500 },
    });
    const statuses = [];
    for (const path of ["/nodes", "/nodepools", "", "/nodes", "/nodes"]) {
      statuses.push((await scene.get(scene.path(path))).status);
    }
    assert.deepEqual(statuses, [200, 200, 500, 500, 200]);
    assert.equal(fault.hits, 2);
  });

  it("lasts until it is removed when it has no end", async () => {
    await using scene = await openScene();
    const effect = { kind: "answer", status: 500 } as const;
    const fault = scene.emulator.addFault({ times: Number.POSITIVE_INFINITY, effect });
    for (let count = 0; count < 3; count += 1) {
      assert.equal((await scene.get(scene.path("/nodes"))).status, 500);
    }
    fault.remove();
    assert.equal((await scene.get(scene.path("/nodes"))).status, 200);
  });

  it("leaves a request without any answer, and the emulator can be closed all the same", async () => {
    const scene = await openScene();
    scene.emulator.addFault({ effect: { kind: "hang", acted: true } });
    const arrived = new Promise((resolve) => {
      scene.emulator.onRequest((_, moment) => (moment === "acted" ? resolve(undefined) : undefined));
    });
    const hanging = assert.rejects(scene.sync());
    await arrived;
    assert.equal(scene.emulator.acceptedSyncs.length, 1);
    await scene.emulator.close();
    await hanging;
  });

  for (const moment of ["is delayed by a fault", "is held up by a hook"] as const) {
    it(`lets no request act after the end of the emulator that ${moment}`, async () => {
      const scene = await openScene();
      const held = Promise.withResolvers<void>();
      const arrived = Promise.withResolvers<void>();
      scene.emulator.onRequest(async (_, now) => {
        if (now !== "arrived") return;
        arrived.resolve();
        if (moment === "is held up by a hook") await held.promise;
      });
      if (moment === "is delayed by a fault")
        scene.emulator.addFault({ effect: { kind: "delay", milliseconds: 50 } });
      const broken = assert.rejects(scene.sync());
      await arrived.promise;
      await scene.emulator.close();
      await broken;
      held.resolve();
      // A later timer of the same length fires after the one of the delay.
      await setTimeout(50);
      assert.deepEqual(scene.emulator.acceptedSyncs, []);
      assert.equal(scene.emulator.requests[0]?.accepted, undefined);
    });
  }

  it("can empty a body, and give everything in it another type", async () => {
    await using scene = await openScene({ nodesPerPool: 1 });
    scene.emulator.addFault({ effect: { kind: "emptyBody" } });
    assert.equal((await scene.get(scene.path("/nodes"))).text, "");
    scene.emulator.addFault({ effect: { kind: "wrongTypes" } });
    const { json } = await scene.get(scene.path("/nodes"));
    assert.equal(Array.isArray(json.items), false);
    assert.notEqual(typeof json.kind, "string");
    assert.notEqual(typeof json.items[0].metadata.uid, "string");
  });

  it("can send a body that never ends, for as long as somebody reads it", async () => {
    await using scene = await openScene();
    scene.emulator.addFault({ effect: { kind: "endless" } });
    assert.ok((await readSome(scene, 1_000_000)) >= 1_000_000);
  });
});

/** Reads so many bytes of an answer and hangs up. */
async function readSome(scene: Scene, wanted: number): Promise<number> {
  const socket = connect(Number(new URL(scene.emulator.url).port), "127.0.0.1");
  const token = scene.emulator.token;
  socket.write(`GET ${scene.path("/nodes")} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\n\r\n`);
  let read = 0;
  for await (const chunk of socket) {
    read += chunk.length;
    if (read >= wanted) break;
  }
  socket.destroy();
  if (!socket.closed) await once(socket, "close");
  return read;
}
