/**
 * The quick start: `npm start` deploys examples/quickstart (through the Pulumi.yaml at the root) to an emulated
 * cluster, step by step, and reports at the end whether each step did what it should. It needs no cloud and no account,
 * and leaves nothing behind.
 */

import { readFile } from "node:fs/promises";
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
  { title: "create: all nodes are reset, in two batches", run: up, syncs: 1, succeeds: true },
  { title: "up again, nothing changed: nothing is sent", run: up, syncs: 0, succeeds: true },
  {
    title: "another pace: recorded, nothing is sent",
    before: ({ stack }) => stack.setConfig({ maxUnavailable: "3" }),
    run: up,
    syncs: 0,
    succeeds: true,
  },
  {
    title: "a changed script: all nodes are reset, and one of them fails",
    before: async ({ emulator, stack }) => {
      await stack.setConfig({ postInstall: "echo changed" });
      const [node] = emulator.cluster.pools[0]?.nodes ?? [];
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

async function runQuickstart({ emulator, engine, password, open }: Quickstart): Promise<number> {
  say("bold", `Deploying to the CCE emulator at ${emulator.url} with the ${engine.name}`);
  if (engine.kind === "embedded")
    say("dim", "No Pulumi CLI was found; the embedded engine stands in for it.");
  const stack = await open((line) => process.stdout.write(`  ${line}\n`));
  const rows: Row[] = [];
  let place = "";
  for (const step of steps) {
    rows.push(await runStep(step, { emulator, stack }));
    place ||= await passwordPlace(stack);
  }
  const leaks = await filesWith(password, stack);
  printTable(rows);
  const kept = leaks.length === 0 && place === "an encrypted input";
  say(
    kept ? "green" : "red",
    `The password in the state: ${place}; files that contain it in plain text: ${leaks.length}`,
  );
  return kept && rows.every(({ ok }) => ok) ? 0 : 1;
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

/** Where the state holds the password: encrypted among the inputs, and not among the outputs, or in another way. */
async function passwordPlace(stack: Stack): Promise<string> {
  const { deployment } = await stack.exportState();
  const resource = deployment.resources?.find(({ type }) => type.endsWith(":NodePoolSync"));
  const encrypted = /"password":\{[^}]*"ciphertext"/.test(JSON.stringify(resource?.inputs ?? {}));
  const isOutput = JSON.stringify(resource?.outputs ?? {}).includes('"password":{');
  return encrypted && !isOutput ? "an encrypted input" : "not only an encrypted input";
}

async function filesWith(secret: string, stack: Stack): Promise<string[]> {
  const files = await stack.files();
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return files.filter((_, index) => texts[index]?.includes(secret));
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

function say(style: "bold" | "dim" | "green" | "red", text: string): void {
  process.stdout.write(`${styleText(style, text)}\n`);
}

process.exitCode = await withQuickstart(runQuickstart);
