/**
 * The command behind `npm run test:remote`: tries the provider on a real account, which **resets nodes**. It is in no
 * tier of tests, and does nothing without a confirmation.
 */

import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { confirm } from "./confirmation.ts";
import { createRemoteProcess } from "./process.ts";
import { type Stage, steps } from "./steps.ts";
import { findTarget, RemoteRefusal, remoteVariables } from "./target.ts";

const usage = `CCE_REMOTE=1 npm run test:remote: tries the provider on a real account, and RESETS NODES there
${Object.entries(remoteVariables)
  .map(([name, meaning]) => `  ${name.padEnd(24)}${meaning}`)
  .join("\n")}
Credentials, region and endpoints are those of docs/credentials.md, from the environment. It leaves a trace:
CCE_NODEPOOL_SYNC_TRACE, default remote-<time>.jsonl.`;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function perform(stage: Stage): Promise<boolean> {
  let state: State | undefined;
  for (const { title, run } of steps) {
    say(`\n${title}`);
    try {
      state = await run(state, stage);
      say("  ✔");
    } catch (error) {
      say(`  ✘ ${(error as Error).message}`);
      return false;
    }
  }
  return true;
}

async function main(): Promise<number> {
  if (process.env.CCE_REMOTE !== "1") throw new RemoteRefusal(`nothing was done\n${usage}`);
  const trace =
    process.env.CCE_NODEPOOL_SYNC_TRACE || `remote-${new Date().toISOString().replaceAll(":", "-")}.jsonl`;
  const environment = { ...process.env, CCE_NODEPOOL_SYNC_TRACE: trace };
  const ending = new AbortController();
  process.on("SIGINT", () => ending.abort());
  const first = createRemoteProcess({ environment, interrupted: ending.signal, say });
  const target = await findTarget(environment, first.sessions).finally(first.close);
  const { stdin: input, stdout: output } = process;
  await confirm(target, { given: process.env.CCE_REMOTE_CONFIRM, input, output });
  const isFine = await perform({ target, environment, interrupted: ending.signal, say });
  say(
    `\nThe trace is in ${trace}. Skim its sentences, then send it; npm run replay -- --as-profile ${trace}`,
  );
  return isFine ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { message } = error as Error;
  process.stderr.write(
    `test:remote: ${message}${error instanceof RemoteRefusal ? "; no node was reset" : ""}\n`,
  );
  process.exitCode = 2;
}
