/**
 * The command behind `npm run bench`: measures ours and the other side together, prints one table, and exits with 1
 * when a bound is missed.
 */

import { parseArgs } from "node:util";
import { measureDeploying } from "./deploying.ts";
import { measureLoading } from "./loading.ts";
import { describeMachine } from "./machine.ts";
import { measureNoticing } from "./noticing.ts";
import { measurePlugin } from "./plugin.ts";
import { measureReading } from "./reading.ts";
import { measureSigning } from "./signing.ts";
import { formatTable, isMet, type Section } from "./table.ts";
import { installVendor } from "./vendor.ts";

const usage = `usage: npm run bench -- [options]
  --quick  few resources, and nothing that needs the vendor's SDK (some 10 seconds instead of 5 minutes)
  --help   print this`;

async function measureAll(): Promise<Section[]> {
  report("installing the vendor's SDK");
  installVendor();
  return measureEach({
    loading: measureLoading,
    signing: () => measureSigning(250, true),
    "ups of 1, 50 and 200 resources": () => measureDeploying([1, 50, 200], 3),
    "the plugin's process with 1, 50 and 200 resources": () => measurePlugin([1, 50, 200], 3),
    "waits over 1, 20 and 200 pools": () => measureReading([1, 20, 200]),
    "when up notices the end": measureNoticing,
  });
}

function measureQuickly(): Promise<Section[]> {
  return measureEach({
    signing: () => measureSigning(20, false),
    ups: () => measureDeploying([2], 1),
    "the plugin": () => measurePlugin([2], 1),
    waits: () => measureReading([1, 5]),
  });
}

async function measureEach(
  parts: Readonly<Record<string, () => Promise<Section | Section[]>>>,
): Promise<Section[]> {
  const sections: Section[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    report(`measuring ${name}`);
    sections.push(...[await measure()].flat());
  }
  return sections.sort((a, b) => a.title.localeCompare(b.title));
}

/** On standard error: standard output holds the table and nothing else. */
function report(what: string): void {
  process.stderr.write(`${what}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { quick: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const begun = performance.now();
  const sections = await (values.quick ? measureQuickly() : measureAll());
  const missed = sections.flatMap(({ rows }) => rows).filter((row) => isMet(row) === false);
  const seconds = Math.round((performance.now() - begun) / 1000);
  process.stdout.write(`${describeMachine()}\n\n${formatTable(sections)}\n\n`);
  process.stdout.write(
    `${missed.length === 0 ? "All bounds are met" : `Bounds missed: ${missed.length}`} (${seconds} s)\n`,
  );
  return missed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
