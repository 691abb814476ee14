import assert from "node:assert/strict";
import type { Moment } from "../../emulator/index.ts";
import { type Engine, embeddedEngine, type Operation } from "../../tools/engine/index.ts";
import { hasEnded } from "../support/programs/processes.ts";
import {
  hurry,
  type StackHarness,
  type StackHarnessOptions,
  withStackHarness,
} from "../support/programs/stackHarness.ts";
import { until } from "../support/until.ts";

const options: StackHarnessOptions = { emulator: { nodesPerPool: 2 } };

/**
 * How much of a node's reset passes from one list of the nodes to the next. Time passes with the lists alone, so that
 * each exchange meets the same state of the service however busy the machine is.
 */
const resetPerList = 0.4;

function passTimeByLists({ clock, emulator }: StackHarness): void {
  clock.stop();
  emulator.onRequest(({ kind }, moment) => {
    if (kind === "nodes" && moment === "answered")
      clock.pass((resetPerList * hurry.resetSeconds * 1000) / hurry.speed);
  });
}

/**
 * Runs `up` and calls `strike` at the given exchange and moment. At `arrived` the request counts as never sent.
 * @returns whether the exchange came about.
 */
async function upAndStrike(
  harness: StackHarness,
  exchange: number,
  moment: Moment,
  strike: (up: Operation) => void,
): Promise<boolean> {
  let struck = false;
  let count = 0;
  let pids: number[] = [];
  await harness.apply();
  const up = harness.stack.up();
  const stop = harness.emulator.onRequest((_, at) => {
    if (at === "arrived") count += 1;
    if (struck || count !== exchange || at !== moment) return undefined;
    struck = true;
    pids = up.providerPids();
    strike(up);
    return moment === "answered" ? undefined : "drop";
  });
  await up.result;
  // A provider that outlives its engine for a moment must not list nodes in the time of the next run.
  await until(() => pids.every(hasEnded));
  stop();
  return struck;
}

const killProvider = (up: Operation) => {
  for (const pid of up.providerPids()) process.kill(pid, "SIGKILL");
};

/**
 * Runs `up` until it goes well, and holds what must then be true.
 * @returns in how many looks at the nodes the service still ran the sync that came before.
 */
async function upUntilDone(harness: StackHarness): Promise<number> {
  const nodes = () => harness.emulator.cluster.pools[0]?.nodes ?? [];
  const before = harness.emulator.acceptedSyncs.length;
  let looks = 0;
  const stop = harness.emulator.onRequest(({ kind }, moment) => {
    const running = nodes().some(({ phase, upToDate }) => phase !== "Active" || !upToDate);
    const isLook = kind === "nodes" && moment === "acted";
    if (isLook && running && harness.emulator.acceptedSyncs.length === before) looks += 1;
    return undefined;
  });
  for (let tries = 0; ; tries += 1) {
    const { ok, text } = await harness.run("up");
    if (ok) break;
    assert.ok(tries < 3, text);
  }
  stop();
  assert.equal((await harness.resource("a"))?.outputs?.status, "synced");
  assert.ok(nodes().every(({ phase, upToDate }) => phase === "Active" && upToDate));
  return looks;
}

function sweep(
  engine: () => Engine,
  what: string,
  moments: readonly Moment[],
  strike: (up: Operation) => void,
): void {
  it(`ends with every node up to date and one accepted sync after ${what} at any exchange`, async () => {
    const doubled: string[] = [];
    let deaths = 0;
    for (let exchange = 1, untouched = false; !untouched; exchange += 1) {
      for (const moment of moments) {
        await withStackHarness(engine(), options, async (harness) => {
          harness.syncs.a = { args: harness.args };
          passTimeByLists(harness);
          harness.emulator.cluster.changeConfiguration(String(harness.args.nodePoolId));
          untouched = !(await upAndStrike(harness, exchange, moment, strike));
          if (untouched) return;
          deaths += 1;
          const looksWhileRunning = await upUntilDone(harness);
          const syncs = harness.emulator.acceptedSyncs.length;
          // A sync that had finished when the create looked (the first look is that of the forecast) leaves no trace
          // that distinguishes it from another one.
          const cannotTell = syncs === 2 && looksWhileRunning <= 1;
          if (syncs !== 1 && !cannotTell) doubled.push(`${exchange} ${moment}: ${syncs}`);
        });
        if (untouched) break;
      }
    }
    assert.ok(deaths >= 5 * moments.length, `${deaths} deaths`);
    assert.deepEqual(doubled, []);
  });
}

describe("the next up (embedded engine)", () => {
  const engine = () => embeddedEngine;
  sweep(engine, "the death of the provider process", ["arrived", "acted", "answered"], killProvider);
  sweep(engine, "the death of the whole engine", ["acted"], (up) => up.kill());
  sweep(engine, "an interruption by the user", ["answered"], (up) => up.interrupt());
});
