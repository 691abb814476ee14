import assert from "node:assert/strict";
import { runChild } from "../support/programs/childProcess.ts";

interface Sample {
  readonly heap: number;
  readonly resources: readonly string[];
  readonly listeners: number;
  readonly processListeners: number;
}

interface Report {
  readonly early: readonly Sample[];
  readonly late: readonly Sample[];
  readonly reads: number;
  readonly ends: readonly string[];
  readonly listenersLeft: number;
  readonly warnings: readonly string[];
}

/** Bytes; some 30 for each look of each resource would be more. */
const noise = 3_000_000;

const leastHeap = (samples: readonly Sample[]) => Math.min(...samples.map(({ heap }) => heap));
const most = (samples: readonly Sample[], of: (sample: Sample) => number) => Math.max(...samples.map(of));

describe("a wait of 24 hours of 20 resources on one cluster", () => {
  let report: Report;
  before(async () => {
    report = await runChild(new URL("longWait.run.ts", import.meta.url), ["--expose-gc"]);
  });

  it("ends well, with one look for all of them in each interval", () => {
    assert.deepEqual(report.ends, Array(20).fill("synced"));
    // Looks do not become rarer: nodes that are all being reset may be back at any time.
    const intervals = (25 * 3600) / 5;
    assert.ok(report.reads > intervals && report.reads < intervals * 2 * 1.2, `${report.reads} reads`);
  });

  it("takes no more memory in its last hours than in its first", () => {
    const [early, late] = [leastHeap(report.early), leastHeap(report.late)];
    assert.ok(late < early + noise, `${early} bytes after 2 to 4 hours, ${late} after 22 to 24`);
  });

  it("takes no more timers, sockets and listeners in its last hours than in its first", () => {
    const { early, late } = report;
    const [active, listening] = [
      ({ resources }: Sample) => resources.length,
      ({ processListeners }: Sample) => processListeners,
    ];
    // Two connections, each with its two ends, can be about to be renewed.
    assert.ok(most(late, active) <= most(early, active) + 4, JSON.stringify(late.at(-1)?.resources));
    assert.equal(most(late, listening), most(early, listening));
    assert.ok(most(late, ({ listeners }) => listeners) <= 20, "one for each that waits");
    assert.equal(report.listenersLeft, 0);
  });

  it("makes Node warn of nothing", () => {
    assert.deepEqual(report.warnings, []);
  });
});
