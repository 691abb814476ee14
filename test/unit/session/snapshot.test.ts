import assert from "node:assert/strict";
import type { CceClient } from "../../../provider/cce/client.ts";
import { createClusterReader } from "../../../provider/session/snapshot.ts";
import { VirtualClock } from "../../support/lifecycle/virtualClock.ts";

const interval = 5000;

/** A reader of a cluster that takes so long to list, on a virtual clock. */
function createReader(readTime: number) {
  const clock = new VirtualClock();
  let reads = 0;
  const client = {
    async listNodePools() {
      reads += 1;
      await clock.sleep(readTime);
      return [];
    },
    async listNodes() {
      await clock.sleep(readTime);
      return [];
    },
    serviceTime: () => undefined,
  } as unknown as CceClient;
  const { signal } = new AbortController();
  return {
    clock,
    reader: createClusterReader(client, "c", interval, clock, signal),
    reads: () => reads,
  };
}

describe("the reader of a cluster", () => {
  it("reads for the first who begins at once, and shows nobody a list that is older than asked for", async () => {
    const { clock, reader, reads } = createReader(200);
    const begun = clock.monotonic();
    const first = await reader.snapshotSince(begun);
    assert.equal(first.readAt, begun);
    const later = clock.monotonic();
    const second = await reader.snapshotSince(later);
    assert.ok(second.readAt >= later);
    assert.equal(reads(), 2);
  });

  it("reads a few times for many who begin one after the other, and keeps none of them waiting for long", async () => {
    const { clock, reader, reads } = createReader(200);
    const waits = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        await clock.sleep(index * 20);
        const asked = clock.monotonic();
        const { readAt } = await reader.snapshotSince(asked);
        assert.ok(readAt >= asked);
        return clock.monotonic() - asked;
      }),
    );
    assert.ok(reads() <= 6, `${reads()} reads in the 4 s of the beginnings`);
    assert.ok(Math.max(...waits) <= 200 + 4 * 200 + 200, `${Math.max(...waits)} ms`);
  });

  it("lets those who are about to send share reads as well", async () => {
    const { clock, reader, reads } = createReader(2000);
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await clock.sleep(index * 400);
        await reader.freshSnapshot();
      }),
    );
    assert.ok(reads() <= 4, `${reads()} reads in 20 s`);
  });

  it("shows everybody of one slot of time the same list", async () => {
    const { clock, reader, reads } = createReader(0);
    await reader.snapshot();
    await clock.sleep(interval - (clock.monotonic() % interval) - 1);
    await reader.snapshot();
    assert.equal(reads(), 1);
    await clock.sleep(1);
    await reader.snapshot();
    assert.equal(reads(), 2);
  });
});
