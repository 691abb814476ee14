import assert from "node:assert/strict";
import { createSyncMutex, type ProvenRequest } from "../../../provider/sync/mutex.ts";

const proven = (...ids: string[]): ProvenRequest => ({ template: "t", sentAt: 1, ids });

describe("runs of one pool", () => {
  it("are one after the other, in the order in which they came; those of another pool are not held up", async () => {
    const mutex = createSyncMutex();
    const events: string[] = [];
    const held = Promise.withResolvers<void>();
    const run = (pool: string, name: string, until?: Promise<void>) =>
      mutex.run(pool, async () => {
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
    const failing = mutex.run("p", async () => {
      throw new Error("refused");
    });
    const next = mutex.run("p", async () => "done");
    await assert.rejects(failing, /refused/);
    assert.equal(await next, "done");
  });

  it("learn what was proven while they waited, and nothing of what was proven before they came", async () => {
    const mutex = createSyncMutex();
    const learned: Record<string, readonly ProvenRequest[]> = {};
    const run = (name: string, ...ids: string[]) =>
      mutex.run("p", async (byOthers, reportProven) => {
        learned[name] = [...byOthers];
        reportProven(proven(...ids));
      });
    await run("before", "a");
    await Promise.all([run("first", "b"), run("second", "c"), run("third")]);
    assert.deepEqual(learned, {
      before: [],
      first: [],
      second: [proven("b")],
      third: [proven("b"), proven("c")],
    });
  });
});
