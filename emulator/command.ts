/** The command behind `npm run emulator`. */

import { parseArgs } from "node:util";
import { act, type Control, startControl } from "./control.ts";
import { type Emulator, type EmulatorOptions, type ProfileName, profiles, startEmulator } from "./index.ts";

const usage = `usage: npm run --silent emulator -- [options]
  --port N           loopback port (default 0: any that is free)
  --pools N          node pools (default 2)
  --nodes N          nodes of each pool (default 10)
  --default-nodes N  nodes that belong to no pool (default 0)
  --zones N          availability zones over which nodes are spread (default 1)
  --speed N          how many times faster than real time nodes live (default 1; a reset takes 120 s)
  --profile NAME     how the service behaves where its documentation is silent (default standard):
                     ${Object.keys(profiles).join(", ")}
  --drift            nodes of pools are outdated from the beginning
  --fail NODE        the next reset of this node (such as pool-1-node-2) fails; may be given several times
  --json             print one line of JSON
  --help             print this`;

interface Command {
  readonly options: EmulatorOptions;
  /** What is done to the cluster before it is served, as paths of the control address. */
  readonly actions: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
}

/** Seconds between two reads of a client, at the speed at which its own default is. */
const pollInterval = { standard: 5, shortest: 0.2 } as const;

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
      drift: { type: "boolean", default: false },
      fail: { type: "string", multiple: true, default: [] },
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
  const failing = values.fail.map((node) => `/fail/${encodeURIComponent(node)}`);
  const actions = [...(values.drift ? ["/drift"] : []), ...failing];
  return { options, actions, json: values.json, help: values.help };
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${flag} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

function describe(emulator: Emulator, control: Control, speed: number, json: boolean): string {
  const { url, region, projectId, accessKey, secretKey, cluster } = emulator;
  const interval = Math.max(pollInterval.shortest, pollInterval.standard / speed);
  const environment = { ...emulator.environment, CCE_NODEPOOL_SYNC_POLL_INTERVAL: String(interval) };
  const pools = [...cluster.pools, cluster.defaultPool]
    .filter(({ id, nodes }) => id !== cluster.defaultPool.id || nodes.length > 0)
    .map(({ id, name, nodes }) => ({ id, name, nodeIds: nodes.map((node) => node.id) }));
  if (json) {
    const ids = { region, projectId, accessKey, secretKey, clusterId: cluster.id };
    return JSON.stringify({ url, control: control.url, ...ids, environment, pools });
  }
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
  const list = pools.map(
    ({ id, name, nodeIds }) =>
      `  ${name}: ${id} (${nodeIds.length === 1 ? "1 node" : `${nodeIds.length} nodes`})`,
  );
  return [
    `CCE emulator at ${url}; Ctrl-C ends it`,
    "",
    ...variables,
    "",
    `cluster: ${cluster.id}`,
    ...list,
    "",
    "To make nodes outdated, and to let the next reset of a node fail:",
    `  curl -X POST ${control.url}/drift`,
    `  curl -X POST ${control.url}/drift/pool-1`,
    `  curl -X POST ${control.url}/fail/pool-1-node-1 -d 'the disk did not mount'`,
  ].join("\n");
}

async function main(): Promise<void> {
  const { options, actions, json, help } = readCommand(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const emulator = await startEmulator(options);
  const control = await startControl(emulator);
  const close = () => Promise.all([emulator.close(), control.close()]);
  try {
    for (const action of actions) act(emulator, action);
  } catch (error) {
    await close();
    throw error;
  }
  process.stdout.write(`${describe(emulator, control, options.speed ?? 1, json)}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());
}

try {
  await main();
} catch (error) {
  const [line] = (error as Error).message.split("\n");
  process.stderr.write(`emulator: ${line}\n`);
  process.exitCode = 2;
}
