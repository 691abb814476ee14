import assert from "node:assert/strict";
import type { JudgedNode, NodeStanding, Verdict } from "../provider/sync/observation.ts";
import {
  countStandings,
  duration,
  listNames,
  openProgress,
  progressLine,
} from "../provider/sync/progress.ts";
import { VirtualClock } from "./support/virtualClock.ts";

/** Nodes by how they stand: `s` synced, `r` resetting, `w` waiting, `f` failed, `g` gone. */
function nodesOf(standings: string): JudgedNode[] {
  const words: Record<string, NodeStanding> = {
    s: "synced",
    r: "resetting",
    w: "waiting",
    f: "failed",
    g: "gone",
  };
  return [...standings].map((letter, index) => ({
    id: `id-${index}`,
    name: `n${index}`,
    phase: "",
    standing: words[letter] ?? "waiting",
  }));
}

const verdictOf = (standings: string, begun = true): Verdict => ({
  outcome: "pending",
  begun,
  rest: "moving",
  nodes: nodesOf(standings),
  reasons: [],
});

describe("the line of a sync that runs", () => {
  for (const [standings, maxUnavailable, line] of [
    ["ssssssrrww", 2, "6/10 nodes synced, 2 resetting (batch 4 of 5): n6, n7"],
    ["rw", 1, "0/2 nodes synced, 1 resetting (batch 1 of 2): n0"],
    ["sw", 1, "1/2 nodes synced (batch 2 of 2)"],
    ["srr", 20, "1/3 nodes synced, 2 resetting: n1, n2"],
    ["sfgr", 1, "1/4 nodes synced, 1 resetting, 1 failed, 1 gone (batch 4 of 4): n3"],
    ["rrrrrrrr", 8, "0/8 nodes synced, 8 resetting: n0, n1, n2, n3, n4 and 3 more"],
    ["ssss", 2, "4/4 nodes synced (batch 2 of 2)"],
    ["ssw", 2, "2/3 nodes synced (batch 2 of 2)"],
    ["", 2, "0/0 nodes synced"],
  ] as const) {
    it(`is for ${standings || "no nodes"}, ${maxUnavailable} at a time: ${line}`, () => {
      assert.equal(progressLine(verdictOf(standings), maxUnavailable, 0), line);
    });
  }

  it("tells how long there has been no sign that it began", () => {
    const line = progressLine(verdictOf("ww", false), 1, 95_000);
    assert.equal(line, "accepted 1 min 35 s ago, no sign yet that it has begun");
  });

  it("counts every node once", () => {
    assert.deepEqual(countStandings(nodesOf("ssrwfg")), {
      waiting: 1,
      resetting: 1,
      synced: 2,
      failed: 1,
      gone: 1,
    });
  });
});

describe("names in a line", () => {
  for (const [count, text] of [
    [0, ""],
    [1, "n0"],
    [5, "n0, n1, n2, n3, n4"],
    [6, "n0, n1, n2, n3, n4 and 1 more"],
  ] as const) {
    it(`are cut short from 6 on: ${count}`, () => {
      assert.equal(listNames(nodesOf("w".repeat(count)).map(({ name }) => name)), text);
    });
  }
});

describe("a length of time", () => {
  for (const [milliseconds, text] of [
    [0, "0 s"],
    [499, "0 s"],
    [45_000, "45 s"],
    [59_499, "59 s"],
    [59_500, "1 min"],
    [60_000, "1 min"],
    [750_000, "12 min 30 s"],
    [3_599_499, "59 min 59 s"],
    [3_599_500, "1 h"],
    [3_600_000, "1 h"],
    [7_500_000, "2 h 5 min"],
    [93_600_000, "26 h"],
  ] as const) {
    it(`of ${milliseconds} ms reads ${text}`, () => assert.equal(duration(milliseconds), text));
  }
});

describe("progress", () => {
  /** What is reported when lines are offered at these seconds. */
  async function reported(offers: readonly [second: number, line: string, counts: string][]) {
    const clock = new VirtualClock();
    const begun = clock.now();
    const told: string[] = [];
    const progress = openProgress((message, kind) => {
      assert.equal(kind, "passing");
      told.push(`${(clock.now() - begun) / 1000} ${message}`);
    }, clock);
    for (const [second, line, counts] of offers) {
      await clock.sleep(second * 1000 - (clock.now() - begun));
      progress(line, counts);
    }
    return told;
  }

  it("is told at once when counts change", async () => {
    const told = await reported([
      [0, "a", "1"],
      [0, "b", "2"],
      [1, "c", "3"],
    ]);
    assert.deepEqual(told, ["0 a", "0 b", "1 c"]);
  });

  it("is told every 10 seconds at most when other things change", async () => {
    const told = await reported([
      [0, "a", "1"],
      [5, "b", "1"],
      [9.999, "c", "1"],
      [10, "d", "1"],
      [19, "e", "1"],
      [20, "f", "1"],
    ]);
    assert.deepEqual(told, ["0 a", "10 d", "20 f"]);
  });

  it("is not told again when nothing changes, however long", async () => {
    const told = await reported([
      [0, "a", "1"],
      [60, "a", "1"],
      [3600, "a", "1"],
    ]);
    assert.deepEqual(told, ["0 a"]);
  });
});
