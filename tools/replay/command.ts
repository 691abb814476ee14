/** The command behind `npm run replay`. */

import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { largestTrace } from "../../provider/trace/traceFile.ts";
import { compare } from "./comparison.ts";
import { TraceError } from "./lines.ts";
import { profileOf } from "./profile.ts";
import { type Recording, readTrace } from "./recording.ts";
import { replay } from "./replay.ts";

const usage = `usage: npm run replay -- [options] FILE...
  plays traces back as the service, on a virtual clock, in front of the present code, and says where its decisions
  differ from the recorded ones; the exit code is 1 if they do, and 2 if a file cannot be replayed
  --as-profile  print what the profile of the emulator would have to be instead
  --help        print this`;

/** No trace is larger, whatever is appended to it. */
const largestFile = 2 * largestTrace;

/** @throws TraceError when the file is no trace, or is damaged. */
function readRecordings(file: string): Recording[] {
  const { size, isFile } = factsOf(file);
  if (!isFile) throw new TraceError("it is not a regular file");
  if (size > largestFile) throw new TraceError(`it is larger than ${largestFile / 1024 / 1024} MiB`);
  return readTrace(readFileSync(file, "utf8"));
}

function factsOf(file: string): { readonly size: number; readonly isFile: boolean } {
  try {
    const facts = statSync(file);
    return { size: facts.size, isFile: facts.isFile() };
  } catch (error) {
    throw new TraceError(`it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

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
  let code = 0;
  for (const file of positionals)
    code = Math.max(code, await attempt(file, values["as-profile"] ? printProfile : reportDifferences));
  return code;
}

/** Does the work for one file; others go on when it cannot be read. */
async function attempt(
  file: string,
  work: (recordings: readonly Recording[]) => Promise<number>,
): Promise<number> {
  try {
    return await work(readRecordings(file));
  } catch (error) {
    const why =
      error instanceof TraceError ? error.message : `it cannot be replayed (${(error as Error).message})`;
    process.stderr.write(`replay: ${file}: ${why}\n`);
    return 2;
  }
}

async function printProfile(recordings: readonly Recording[]): Promise<number> {
  process.stdout.write(`${profileOf(recordings)}\n`);
  return 0;
}

async function reportDifferences(recordings: readonly Recording[]): Promise<number> {
  let differences = 0;
  for (const recording of recordings) differences += await reportReplay(recording);
  return differences > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`replay: ${(error as Error).message}\n${usage}\n`);
  process.exitCode = 2;
}
