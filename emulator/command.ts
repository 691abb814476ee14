/** The command behind `npm run emulator`. */

import { parseArgs } from "node:util";
import { type Emulator, type EmulatorOptions, type ProfileName, profiles, startEmulator } from "./index.ts";

const usage = `usage: npm run emulator -- [options]
  --port N           loopback port (default 0: any that is free)
  --pools N          node pools (default 2)
  --nodes N          nodes of each pool (default 10)
  --default-nodes N  nodes that belong to no pool (default 0)
  --zones N          availability zones over which nodes are spread (default 1)
  --speed N          how many times faster than real time nodes live (default 1; a reset takes 120 s)
  --profile NAME     how the service behaves where its documentation is silent (default standard):
                     ${Object.keys(profiles).join(", ")}
  --json             print one line of JSON
  --help             print this`;

interface Command {
  readonly options: EmulatorOptions;
  readonly json: boolean;
  readonly help: boolean;
}

function readCommand(args: string[]): Command {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "0" },
      pools: { type: "string", default: "2" },
      nodes: { type: "string", default: "10" },
      "default-nodes": { type: "string", default: "0" },
      zones: { type: "string", default: "1" },
      speed: { type: "string", default: "1" },
      profile: { type: "string", default: "standard" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (!Object.hasOwn(profiles, values.profile)) {
    throw new Error(`--profile must be one of ${Object.keys(profiles).join(", ")}`);
  }
  const options = {
    port: wholeNumber("--port", values.port, 0, 65_535),
    pools: wholeNumber("--pools", values.pools, 0, 1000),
    nodesPerPool: wholeNumber("--nodes", values.nodes, 0, 10_000),
    defaultPoolNodes: wholeNumber("--default-nodes", values["default-nodes"], 0, 10_000),
    zones: wholeNumber("--zones", values.zones, 1, 100),
    speed: wholeNumber("--speed", values.speed, 1, 1_000_000),
    profile: values.profile as ProfileName,
  };
  return { options, json: values.json, help: values.help };
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${flag} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

function describe(emulator: Emulator, json: boolean): string {
  const { url, region, projectId, accessKey, secretKey, environment, cluster } = emulator;
  const pools = [...cluster.pools, cluster.defaultPool]
    .filter(({ id, nodes }) => id !== cluster.defaultPool.id || nodes.length > 0)
    .map(({ id, name, nodes }) => ({ id, name, nodeIds: nodes.map((node) => node.id) }));
  if (json) {
    return JSON.stringify({ url, region, projectId, accessKey, secretKey, clusterId: cluster.id, pools });
  }
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
  const list = pools.map(({ id, name, nodeIds }) => `  ${name}: ${id} (${nodeIds.length} nodes)`);
  return [
    `CCE emulator at ${url}; Ctrl-C ends it`,
    "",
    ...variables,
    "",
    `cluster: ${cluster.id}`,
    ...list,
  ].join("\n");
}

async function main(): Promise<void> {
  const { options, json, help } = readCommand(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const emulator = await startEmulator(options);
  process.stdout.write(`${describe(emulator, json)}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void emulator.close());
}

try {
  await main();
} catch (error) {
  const [line] = (error as Error).message.split("\n");
  process.stderr.write(`emulator: ${line}\n`);
  process.exitCode = 2;
}
