import assert from "node:assert/strict";
import type { Node } from "../../../provider/cce/model.ts";
import type { ClusterSnapshot } from "../../../provider/session/snapshot.ts";
import { createWordReader } from "../../../provider/sync/record/words.ts";

const interval = 5000;
const begin = Date.parse("2026-01-02T03:00:00Z");
const at = (second: number) => new Date(begin + second * 1000).toISOString();

const node = (upToDate?: boolean, more: Partial<Node> = {}): Node => ({
  id: "a",
  name: "a",
  poolId: "p",
  phase: "Active",
  upToDate,
  ...more,
});

interface Seen {
  readonly second: number;
  readonly node: Node;
  /** The second of the pool's latest change; undefined where the service does not say it. */
  readonly changed?: number;
  /** Whether the service says what time it is. */
  readonly hasTime?: boolean;
}

/** Reads one look after the other, and says whether the node is exempt after the last. */
function read(...looks: Seen[]) {
  const reader = createWordReader("p", interval);
  let latest = node();
  for (const { second, node: shown, changed, hasTime = true } of looks) {
    const updatedAt = changed === undefined ? undefined : at(changed);
    const snapshot: ClusterSnapshot = {
      readAt: second * 1000,
      serviceTime: hasTime ? begin + second * 1000 : undefined,
      pools: [{ id: "p", name: "pool", scaling: false, updatedAt }],
      nodes: new Map([[shown.id, shown]]),
    };
    reader.read(snapshot);
    latest = shown;
  }
  return {
    isExempt: reader.isExempt(latest),
    isSettled: reader.isSettled([latest]),
    needsSecondRead: reader.needsSecondRead(),
    note: reader.note(latest),
  };
}

describe("a node that says that it is up to date", () => {
  it("is believed in the second read when its pool was changed a minute ago or longer", () => {
    const look = (second: number) => ({ second, node: node(true), changed: 0 });
    const once = read(look(60));
    assert.deepEqual([once.isExempt, once.isSettled, once.needsSecondRead], [false, false, true]);
    const twice = read(look(60), look(65));
    assert.deepEqual([twice.isExempt, twice.isSettled, twice.needsSecondRead], [true, true, false]);
  });

  it("is not believed when the second read knows of a later change of the pool", () => {
    const looks = [0, 58].map((changed, index) => ({ second: 60 + index * 5, node: node(true), changed }));
    assert.equal(read(...looks).isExempt, false);
  });

  it("is not believed yet in a read that began less than a minute after a change of the pool", () => {
    const { isExempt, isSettled } = read({ second: 59, node: node(true), changed: 0 });
    assert.deepEqual([isExempt, isSettled], [false, false]);
  });

  for (const [what, changed, hasTime] of [
    ["the pool's latest change", undefined, true],
    ["the service's time", 0, false],
  ] as const) {
    it(`has to say so for a minute where ${what} is not known`, () => {
      const look = (second: number, word = true) => ({ second, node: node(word), changed, hasTime });
      assert.equal(read(look(0), look(59)).isExempt, false);
      assert.equal(read(look(0), look(60)).isExempt, true);
      assert.equal(read(look(0), look(30, false), look(60)).isExempt, false);
    });
  }

  it("is believed by itself where the pool's update time never rests", () => {
    const look = (second: number) => ({ second, node: node(true), changed: second });
    assert.equal(read(look(0), look(60), look(179)).isExempt, false);
    assert.equal(read(look(0), look(60), look(180)).isExempt, true);
  });

  it("is not believed when that was probed longer than five minutes ago, and nobody waits for it", () => {
    const old = node(true, { probedAt: at(0) });
    const look = (second: number) => ({ second, node: old, changed: 0 });
    const { isExempt, isSettled } = read(look(296), look(301));
    assert.deepEqual([isExempt, isSettled], [false, true]);
    assert.equal(read(look(295), look(300)).isExempt, true);
  });
});

describe("a node that says anything else", () => {
  for (const word of [false, undefined]) {
    it(`is not exempt, and nobody waits for it: ${word}`, () => {
      const { isExempt, isSettled } = read({ second: 0, node: node(word), changed: 0 });
      assert.deepEqual([isExempt, isSettled], [false, true]);
    });
  }
});

describe("what is noted of a node before a request", () => {
  it("is what it says", () => {
    assert.equal(read({ second: 0, node: node(true) }).note, true);
    assert.equal(read({ second: 60, node: node(false, { updatedAt: at(0) }) }).note, false);
    assert.equal(read({ second: 0, node: node() }).note, null);
  });

  it("is nothing when it says that it is behind and was touched a moment ago: that may be old", () => {
    assert.equal(read({ second: 59, node: node(false, { updatedAt: at(0) }) }).note, null);
    assert.equal(read({ second: 60, node: node(false) }).note, null);
  });
});
