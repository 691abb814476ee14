import assert from "node:assert/strict";
import type { NodeState, NodeVerdict, Verdict } from "../../../provider/sync/proof/verdict.ts";
import { countStates, createProgress, progressLine } from "../../../provider/sync/report/progress.ts";
import { VirtualClock } from "../../support/lifecycle/virtualClock.ts";

const letters: Record<string, NodeState> = {
  p: "proven",
  r: "resetting",
  w: "waiting",
  f: "failed",
  g: "gone",
};

/** Nodes by their states: `p` proven, `r` resetting, `w` waiting, `f` failed, `g` gone. */
function nodesOf(states: string): NodeVerdict[] {
  return [...states].map((letter, index) => ({
    id: `id-${index}`,
    name: `n${index}`,
    phase: "",
    state: letters[letter] ?? "waiting",
    saysBehind: false,
    isUntouched: false,
    wasReached: true,
  }));
}

const verdictOf = (states: string, begun = true): Verdict => ({
  nodes: nodesOf(states),
  isOpen: true,
  begun,
  isRunning: false,
  isUnconfirmed: false,
  rest: "moving",
  reasons: [],
});

describe("the line of a sync that runs", () => {
  it("has the count in its first ten columns, which is all that a terminal of 80 shows of it", () => {
    for (const [states, begin] of [
      ["pprw", "2/4 nodes"],
      ["w", "0/1 node"],
      [`${"p".repeat(999)}w`, "999/1000 n"],
    ] as const)
      assert.ok(progressLine(verdictOf(states), 1, 0).startsWith(begin), begin);
  });

  for (const [states, maxUnavailable, line] of [
    ["pppppprrww", 2, "6/10 nodes, batch 4/5: resetting n6, n7"],
    ["rw", 1, "0/2 nodes, batch 1/2: resetting n0"],
    ["pw", 1, "1/2 nodes, batch 2/2"],
    ["prr", 20, "1/3 nodes: resetting n1, n2"],
    ["pfgr", 1, "1/4 nodes, batch 4/4: resetting n3, 1 failed, 1 deleted"],
    ["rrrrrrrr", 8, "0/8 nodes: resetting n0, n1, n2, n3, n4 and 3 more"],
    ["pppp", 2, "4/4 nodes, batch 2/2"],
    ["ppw", 2, "2/3 nodes, batch 2/2"],
    ["p", 1, "1/1 node"],
    ["", 2, "0/0 nodes"],
  ] as const) {
    it(`is for ${states || "no nodes"}, ${maxUnavailable} at a time: ${line}`, () => {
      assert.equal(progressLine(verdictOf(states), maxUnavailable, 0), line);
    });
  }

  it("says how long there has been no sign that it began", () => {
    const line = progressLine(verdictOf("ww", false), 1, 95_000);
    assert.equal(line, "accepted 1 min 35 s ago, no sign of progress yet");
  });

  it("counts every node once", () => {
    assert.deepEqual(countStates(nodesOf("pprwfg")), {
      waiting: 1,
      resetting: 1,
      proven: 2,
      failed: 1,
      gone: 1,
    });
  });
});

describe("progress", () => {
  /** What is reported when lines are offered at these seconds. */
  async function reported(offers: readonly [second: number, line: string, counts: string][]) {
    const clock = new VirtualClock();
    const begun = clock.now();
    const lines: string[] = [];
    const progress = createProgress((message, severity) => {
      assert.equal(severity, "status");
      lines.push(`${(clock.now() - begun) / 1000} ${message}`);
    }, clock);
    for (const [second, line, counts] of offers) {
      await clock.sleep(second * 1000 - (clock.now() - begun));
      progress(line, counts);
    }
    return lines;
  }

  it("is reported at once when counts change", async () => {
    const lines = await reported([
      [0, "a", "1"],
      [0, "b", "2"],
      [1, "c", "3"],
    ]);
    assert.deepEqual(lines, ["0 a", "0 b", "1 c"]);
  });

  it("is reported every 10 seconds at most when other things change", async () => {
    const lines = await reported([
      [0, "a", "1"],
      [5, "b", "1"],
      [9.999, "c", "1"],
      [10, "d", "1"],
      [19, "e", "1"],
      [20, "f", "1"],
    ]);
    assert.deepEqual(lines, ["0 a", "10 d", "20 f"]);
  });

  it("is not reported again when nothing changes, however long", async () => {
    const lines = await reported([
      [0, "a", "1"],
      [60, "a", "1"],
      [3600, "a", "1"],
    ]);
    assert.deepEqual(lines, ["0 a"]);
  });
});
