/** The command behind `npm run replay`. */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compare } from "./comparison.ts";
import { profileOf } from "./profile.ts";
import { type Recording, readTrace } from "./recording.ts";
import { replay } from "./replay.ts";

const usage = `usage: npm run replay -- [options] FILE...
  plays traces back as the service, on a virtual clock, in front of the present code, and says where its decisions
  differ from the recorded ones; the exit code is 1 if they do
  --as-profile  print what the profile of the emulator would have to be instead
  --help        print this`;

async function reportReplay(recording: Recording): Promise<number> {
  const compared = compare(recording, await replay(recording));
  for (const { run, differences, shifts } of compared) {
    const { verb, subject } = run.asked;
    const same = shifts.length === 0 ? "the same decisions" : "the same decisions, at other times";
    const result = differences.length === 0 ? same : "OTHER DECISIONS";
    process.stdout.write(
      `session ${recording.session}, run ${run.number}, ${verb} of ${subject}: ${result}\n`,
    );
    for (const difference of [...differences, ...shifts]) process.stdout.write(`  ${difference}\n`);
  }
  return compared.flatMap(({ differences }) => differences).length;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "as-profile": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || positionals.length === 0) {
    process.stdout.write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  let differences = 0;
  for (const file of positionals) {
    const recordings = readTrace(readFileSync(file, "utf8"));
    if (values["as-profile"]) process.stdout.write(`${profileOf(recordings)}\n`);
    else for (const recording of recordings) differences += await reportReplay(recording);
  }
  return differences > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`replay: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
