import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Effect } from "../../emulator/index.ts";
import { createEmulatorHarness, type EmulatorHarness } from "../support/service/emulatorHarness.ts";

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
      await using harness = await createEmulatorHarness();
      harness.emulator.addFault({ kind: "sync", effect });
      if (status === "broken") await assert.rejects(harness.sync());
      else assert.equal((await harness.sync()).status, status);
      assert.equal(harness.emulator.acceptedSyncs.length, acted ? 1 : 0);
      assert.equal(harness.emulator.requests.at(-1)?.accepted === true, acted);
    });
  }

  it("answers the gateway's time-out unless it is given something else", async () => {
    await using harness = await createEmulatorHarness();
    const answer = (effect: Omit<Effect & { kind: "answer" }, "kind">) => {
      harness.emulator.addFault({ effect: { kind: "answer", ...effect } });
      return harness.get(harness.path("/nodes"));
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
    await using harness = await createEmulatorHarness();
    const fault = harness.emulator.addFault({
      kind: ["nodes", "cluster"],
      skip: 1,
      times: 2,
      effect: { kind: "answer", status: 500 },
    });
    const statuses = [];
    for (const path of ["/nodes", "/nodepools", "", "/nodes", "/nodes"]) {
      statuses.push((await harness.get(harness.path(path))).status);
    }
    assert.deepEqual(statuses, [200, 200, 500, 500, 200]);
    assert.equal(fault.hits, 2);
  });

  it("lasts until it is removed when it has no end", async () => {
    await using harness = await createEmulatorHarness();
    const effect = { kind: "answer", status: 500 } as const;
    const fault = harness.emulator.addFault({ times: Number.POSITIVE_INFINITY, effect });
    for (let count = 0; count < 3; count += 1) {
      assert.equal((await harness.get(harness.path("/nodes"))).status, 500);
    }
    fault.remove();
    assert.equal((await harness.get(harness.path("/nodes"))).status, 200);
  });

  it("leaves a request without any answer, and the emulator can be closed all the same", async () => {
    const harness = await createEmulatorHarness();
    harness.emulator.addFault({ effect: { kind: "hang", acted: true } });
    const arrived = new Promise((resolve) => {
      harness.emulator.onRequest((_, moment) => (moment === "acted" ? resolve(undefined) : undefined));
    });
    const hanging = assert.rejects(harness.sync());
    await arrived;
    assert.equal(harness.emulator.acceptedSyncs.length, 1);
    await harness.emulator.close();
    await hanging;
  });

  for (const moment of ["is delayed by a fault", "is held up by a hook"] as const) {
    it(`lets no request act after the end of the emulator that ${moment}`, async () => {
      const harness = await createEmulatorHarness();
      const held = Promise.withResolvers<void>();
      const arrived = Promise.withResolvers<void>();
      harness.emulator.onRequest(async (_, now) => {
        if (now !== "arrived") return;
        arrived.resolve();
        if (moment === "is held up by a hook") await held.promise;
      });
      if (moment === "is delayed by a fault")
        harness.emulator.addFault({ effect: { kind: "delay", milliseconds: 50 } });
      const broken = assert.rejects(harness.sync());
      await arrived.promise;
      await harness.emulator.close();
      await broken;
      held.resolve();
      // A later timer of the same length fires after the one of the delay.
      await setTimeout(50);
      assert.deepEqual(harness.emulator.acceptedSyncs, []);
      assert.equal(harness.emulator.requests[0]?.accepted, undefined);
    });
  }

  it("can empty a body, and give everything in it another type", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1 });
    harness.emulator.addFault({ effect: { kind: "emptyBody" } });
    assert.equal((await harness.get(harness.path("/nodes"))).text, "");
    harness.emulator.addFault({ effect: { kind: "wrongTypes" } });
    const { json } = await harness.get(harness.path("/nodes"));
    assert.equal(Array.isArray(json.items), false);
    assert.notEqual(typeof json.kind, "string");
    assert.notEqual(typeof json.items[0].metadata.uid, "string");
  });

  it("can send a body that never ends, for as long as somebody reads it", async () => {
    await using harness = await createEmulatorHarness();
    harness.emulator.addFault({ effect: { kind: "endless" } });
    assert.ok((await readSome(harness, 1_000_000)) >= 1_000_000);
  });
});

/** Reads so many bytes of an answer and hangs up. */
async function readSome(harness: EmulatorHarness, wanted: number): Promise<number> {
  const socket = connect(Number(new URL(harness.emulator.url).port), "127.0.0.1");
  const token = harness.emulator.token;
  socket.write(`GET ${harness.path("/nodes")} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\n\r\n`);
  let read = 0;
  for await (const chunk of socket) {
    read += chunk.length;
    if (read >= wanted) break;
  }
  socket.destroy();
  if (!socket.closed) await once(socket, "close");
  return read;
}
