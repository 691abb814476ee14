import assert from "node:assert/strict";
import { createSyncMutex, type SentRequest } from "../../../provider/sync/run/mutex.ts";

const sent = (sentAt: number, template: string, proven: string[], ids = proven): SentRequest => {
  return { template, sentAt, ids, proven };
};

describe("runs of one pool", () => {
  it("are one after the other, in the order in which they came; those of another pool are not held up", async () => {
    const mutex = createSyncMutex();
    const events: string[] = [];
    const held = Promise.withResolvers<void>();
    const run = (pool: string, name: string, until?: Promise<void>) =>
      mutex.run(pool, 0, async () => {
        events.push(`${name} begins`);
        await until;
        events.push(`${name} ends`);
      });
    const all = [run("p", "first", held.promise), run("p", "second"), run("q", "other")];
    await all[2];
    assert.deepEqual(events, ["first begins", "other begins", "other ends"]);
    held.resolve();
    await Promise.all(all);
    assert.deepEqual(events.slice(3), ["first ends", "second begins", "second ends"]);
  });

  it("keep a failure to the one who failed", async () => {
    const mutex = createSyncMutex();
    const failing = mutex.run("p", 0, async () => {
      throw new Error("refused");
    });
    const next = mutex.run("p", 0, async () => "done");
    await assert.rejects(failing, /refused/);
    assert.equal(await next, "done");
  });

  /** What runs that were asked for at these times learn from the requests of one that came before them all. */
  async function learn(askedAt: readonly number[], requests: readonly SentRequest[]) {
    const mutex = createSyncMutex();
    const first = mutex.run("p", 0, async (_byOthers, reportSent) => requests.forEach(reportSent));
    const others = askedAt.map((at) => mutex.run("p", at, async (byOthers) => Object.fromEntries(byOthers)));
    await first;
    return Promise.all(others);
  }

  it("learn what was proven by requests that were sent after they were asked for, and by no other", async () => {
    const requests = [sent(5, "t", ["a"]), sent(7, "t", ["b"])];
    assert.deepEqual(await learn([4, 5, 6, 8], requests), [
      { a: "t", b: "t" },
      { a: "t", b: "t" },
      { b: "t" },
      {},
    ]);
  });

  it("learn nothing of nodes that a later request named, whatever it was sent with, and did not prove", async () => {
    assert.deepEqual(await learn([1], [sent(2, "t", ["a", "b"]), sent(3, "u", ["b"], ["a", "b"])]), [
      { b: "u" },
    ]);
  });
});
