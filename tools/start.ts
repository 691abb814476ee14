/**
 * The quick start: `npm start` deploys examples/quickstart (through the Pulumi.yaml at the root) to an emulated
 * cluster, step by step, and reports at the end whether each step did what it should. It needs no cloud and no account,
 * and leaves nothing behind.
 */

import { styleText } from "node:util";
import type { Emulator } from "../emulator/index.ts";
import type { Operation, Result, Stack } from "./engine/index.ts";
import { type Quickstart, withQuickstart } from "./quickstart.ts";

/** One step of the quick start, and what it must lead to. */
interface Step {
  readonly title: string;
  /** Prepares the emulated cluster or the configuration. */
  readonly before?: (context: StepContext) => Promise<void> | void;
  readonly run: (stack: Stack) => Operation;
  /** How many syncs the service must have accepted in this step. */
  readonly syncs: number;
  /** Whether the step must succeed. */
  readonly succeeds: boolean;
}

/** What a step works on. */
interface StepContext {
  readonly emulator: Emulator;
  readonly stack: Stack;
}

/** What a step led to. */
interface Row {
  readonly step: string;
  readonly pulumi: string;
  readonly api: string;
  readonly ok: boolean;
}

const up = (stack: Stack) => stack.up();

const steps: readonly Step[] = [
  {
    title: "create: all nodes are outdated and are reset, in two batches",
    before: ({ emulator }) => {
      for (const { id } of emulator.cluster.pools) emulator.cluster.changeConfiguration(id);
    },
    run: up,
    syncs: 1,
    succeeds: true,
  },
  { title: "up again, nothing changed: nothing is sent", run: up, syncs: 0, succeeds: true },
  {
    title: "another maxUnavailable: recorded, nothing is sent",
    before: ({ stack }) => stack.setConfig({ maxUnavailable: "3" }),
    run: up,
    syncs: 0,
    succeeds: true,
  },
  {
    title: "another OS: all nodes are reset, and one of them fails",
    before: async ({ emulator, stack }) => {
      const [pool] = emulator.cluster.pools;
      emulator.cluster.changeConfiguration(pool?.id ?? "");
      await stack.setConfig({ nodeOs: "Ubuntu 22.04" });
      const [node] = pool?.nodes ?? [];
      if (node !== undefined)
        emulator.cluster.failNode(node.id, { phase: "Error", reason: "the disk did not mount", times: 1 });
    },
    run: up,
    syncs: 1,
    succeeds: false,
  },
  { title: "up again: only that node is reset", run: up, syncs: 1, succeeds: true },
  { title: "destroy: nothing is sent", run: (stack) => stack.destroy(), syncs: 0, succeeds: true },
];

async function runQuickstart({ emulator, engine, open }: Quickstart): Promise<number> {
  say("bold", `Deploying to the CCE emulator at ${emulator.url} with the ${engine.name}`);
  if (engine.kind === "embedded")
    say("dim", "No Pulumi CLI was found; the embedded engine stands in for it.");
  const stack = await open((line) => process.stdout.write(`  ${line}\n`));
  const rows: Row[] = [];
  for (const step of steps) rows.push(await runStep(step, { emulator, stack }));
  printTable(rows);
  return rows.every(({ ok }) => ok) ? 0 : 1;
}

async function runStep(step: Step, context: StepContext): Promise<Row> {
  say("bold", `\n${step.title}`);
  await step.before?.(context);
  const before = context.emulator.acceptedSyncs.length;
  const result = await step.run(context.stack).result;
  const syncs = context.emulator.acceptedSyncs.slice(before);
  const sent = syncs
    .map(({ targets }) => `POST accepted, ${targets.length === 1 ? "1 node" : `${targets.length} nodes`}`)
    .join(", ");
  const ok = result.ok === step.succeeds && syncs.length === step.syncs;
  return { step: step.title, pulumi: summary(result), api: sent || "no POST", ok };
}

function summary({ ok, steps: done }: Result): string {
  const own = done.filter(({ type }) => type.endsWith(":NodePoolSync")).map(({ op }) => op);
  return `${own.join(", ") || "nothing"}${ok ? "" : ", failed and kept"}`;
}

function printTable(rows: readonly Row[]): void {
  const headings: Row = { step: "step", pulumi: "Pulumi did", api: "the API saw", ok: true };
  const width = (column: "step" | "pulumi") =>
    Math.max(...[headings, ...rows].map((row) => row[column].length));
  say("bold", "");
  for (const row of [headings, ...rows]) {
    const mark = row === headings ? " " : row.ok ? "✔" : "✘";
    process.stdout.write(
      `${mark} ${row.step.padEnd(width("step"))}  ${row.pulumi.padEnd(width("pulumi"))}  ${row.api}\n`,
    );
  }
}

function say(style: "bold" | "dim", text: string): void {
  process.stdout.write(`${styleText(style, text)}\n`);
}

process.exitCode = await withQuickstart(runQuickstart);
