/**
 * The command behind `npm run test:remote`: tries the provider on a real account, which **resets nodes**. It is in no
 * tier of tests, and does nothing without a confirmation.
 */

import { createInterface } from "node:readline/promises";
import type { State } from "../../provider/nodePoolSync/state.ts";
import { createRemoteProcess } from "./process.ts";
import { type Stage, steps } from "./steps.ts";
import { findTarget, RemoteRefusal, remoteVariables, type Target } from "./target.ts";

const usage = `CCE_REMOTE=1 npm run test:remote: tries the provider on a real account, and RESETS NODES there
${Object.entries(remoteVariables)
  .map(([name, meaning]) => `  ${name.padEnd(24)}${meaning}`)
  .join("\n")}
Credentials, region and endpoints are those of docs/credentials.md, from the environment. It leaves a trace:
CCE_NODEPOOL_SYNC_TRACE, default remote-<time>.jsonl.`;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Says what will be done to which nodes, and waits for the pool's name. @throws RemoteRefusal without it. */
async function confirm({ poolName, nodes, poolSize }: Target): Promise<void> {
  const names = nodes.map(({ name }) => name).join(", ");
  say(
    `\nWARNING: this resets ${nodes.length} of ${poolSize} nodes of the node pool ${poolName}, TWICE: ${names}`,
  );
  say("Their pods are evicted, and their system and data disks are cleared. Allow 40 minutes for each node.");
  const given = process.env.CCE_REMOTE_CONFIRM;
  if (given === undefined && !process.stdin.isTTY)
    throw new RemoteRefusal("nobody can confirm it here: set CCE_REMOTE_CONFIRM to the name of the pool");
  const typed = given ?? (await ask(`Type the name of the pool to go on (${poolName}): `));
  if (typed.trim() !== poolName) throw new RemoteRefusal("not confirmed");
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

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
  await confirm(target);
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
