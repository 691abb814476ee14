/**
 * A process of its own that goes through lifecycles of every end, several at a time, on the machine's own clock and over
 * real connections, closes them and does no more: it must end by itself. Prints, as one JSON line, how the lifecycles ended
 * and what Node warned of.
 */
import { startEmulator } from "../../emulator/index.ts";
import { createHttp } from "../../provider/cce/http.ts";
import { createService, ResourceFailure } from "../../provider/nodePoolSync/service.ts";
import { createSessions } from "../../provider/session/sessions.ts";
import { systemClock as clock } from "../../provider/util/clock.ts";

const troubles: string[] = [];
process.on("warning", ({ name, message }) => troubles.push(`${name}: ${message}`));
process.on("unhandledRejection", (reason) => troubles.push(`unhandled: ${reason}`));

const pools = 30;
/** Milliseconds that closed sockets and servers are granted to be gone. */
const patience = 60_000;
/** Milliseconds in which 30 syncs are accepted, on a busy machine too. */
const granted = 10_000;

/** All resources of one process in front of one service; reports how often each end came about. */
async function lifecycle(
  given: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly timeout?: number;
    readonly nodesFail?: boolean;
    readonly interruptAfter?: number;
    readonly resetSeconds?: number;
    readonly fault?: Parameters<Awaited<ReturnType<typeof startEmulator>>["addFault"]>[0];
  } = {},
): Promise<Record<string, number>> {
  const { resetSeconds = 60 } = given;
  const emulator = await startEmulator({ pools, nodesPerPool: 2, speed: 600, resetSeconds });
  const { cluster } = emulator;
  if (given.nodesFail)
    for (const { nodes } of cluster.pools) for (const { id } of nodes) cluster.failNode(id);
  if (given.fault !== undefined) emulator.addFault(given.fault);
  const environment = {
    ...emulator.environment,
    CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1",
    CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "60000",
    ...given.environment,
  };
  const http = createHttp();
  const interrupt = new AbortController();
  const service = createService({
    configuration: () => ({ config: () => undefined, environment }),
    clock,
    interrupted: interrupt.signal,
    createSessions: (...options) => createSessions(...options, () => http.handler),
  });
  let accepted = 0;
  emulator.onRequest(({ kind }, moment) => {
    if (kind === "sync" && moment === "answered") accepted += 1;
    if (accepted === given.interruptAfter) interrupt.abort();
  });
  const ends = await Promise.all(
    cluster.pools.map(async ({ id: nodePoolId }) => {
      const inputs = {
        clusterId: cluster.id,
        nodePoolId,
        maxUnavailable: 2,
        wait: true,
        onCreate: "all",
        onChange: "all",
      } as const;
      const caller = { subject: "a sync", report: () => undefined, timeout: given.timeout };
      try {
        const { progress } = await service.synchronize(inputs, undefined, caller);
        return progress.status;
      } catch (error) {
        return error instanceof ResourceFailure ? error.state.progress.status : codeOf(error);
      }
    }),
  );
  await http.close();
  await emulator.close();
  const groups = Object.entries(Object.groupBy(ends, (end) => end));
  return Object.fromEntries(groups.map(([end, all]) => [end, all?.length ?? 0]));
}

/** The code that ends the error's text. */
function codeOf(error: unknown): string {
  return /\[nodepoolsync\/([a-z-]+)\]$/.exec((error as Error).message)?.[1] ?? String(error);
}

const nowhere = JSON.stringify({ cce: "http://127.0.0.1:9", iam: "http://127.0.0.1:9" });
const ends = {
  success: await lifecycle(),
  failure: await lifecycle({ nodesFail: true }),
  interruption: await lifecycle({ interruptAfter: pools, resetSeconds: 36_000 }),
  timeOut: await lifecycle({ timeout: granted, resetSeconds: 36_000 }),
  brokenConnections: await lifecycle({ fault: { kind: "nodes", effect: { kind: "drop" }, times: 3 } }),
  noAnswer: await lifecycle({
    timeout: granted,
    fault: { kind: "pools", effect: { kind: "cutBody" }, times: Number.POSITIVE_INFINITY },
  }),
  unreachable: await lifecycle({ timeout: granted, environment: { HW_ENDPOINTS: nowhere } }),
  refusedKey: await lifecycle({ environment: { HW_SECRET_KEY: "canary-of-a-wrong-key" } }),
};
process.stdout.write(`${JSON.stringify({ ends, troubles })}\n`);
// Nothing is left to do. This timer keeps no process alive; it shows what does.
setTimeout(() => {
  process.stderr.write(`still active: ${process.getActiveResourcesInfo().join(", ")}\n`);
  process.exit(1);
}, patience).unref();
