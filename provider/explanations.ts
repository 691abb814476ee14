import { advice, ConfigurationError, ConnectionError, ServiceError, UserError } from "./errors.ts";
import type { Inputs } from "./schema.ts";
import { countStandings, listNames } from "./sync/progress.ts";
import { InterruptedError } from "./sync/start.ts";
import type { Watched } from "./sync/watch.ts";

/** The sentences in which a user reads how a sync went wrong: whose it is, what happened, what to do next. */

const namesShown = 20;

/**
 * The error of a sync that was not accepted. An error that is no known one is a fault of this package; it is
 * told by its message only.
 */
export function refusal(error: unknown, inputs: Inputs, subject: string): UserError {
  if (error instanceof ConfigurationError) return new UserError(`${subject}: ${error.message}`);
  const where = `${subject}, ${poolText(inputs)}`;
  if (error instanceof ServiceError || error instanceof ConnectionError)
    return new UserError(`${where}: ${error.message}. ${advice(error)}`);
  if (error instanceof UserError || error instanceof InterruptedError)
    return new UserError(`${where}: ${error.message}${error.message.endsWith(".") ? "" : "."}`);
  const message = error instanceof Error ? error.message : String(error);
  return new UserError(
    `${where}: ${message}. This is a fault of pulumi-cce-nodepool-sync: please report it.`,
  );
}

/** A request whose answer never came, and of which nothing was seen since. */
export function unansweredText(what: string, inputs: Inputs, subject: string): string {
  return `${subject}, ${poolText(inputs)}: ${what}. It is not known whether the sync was accepted, so it was not sent again. Look at the pool, then run \`pulumi up\` again: it looks first and sends the sync only when nothing shows that it ran.`;
}

/** A sync that was accepted, and that the service does not let be watched to its end. */
export function lostSightText(error: unknown, inputs: Inputs, subject: string): string {
  return `${refusal(error, inputs, subject).message} The sync was accepted and may still be running: the next \`pulumi up\` goes on watching it.`;
}

/** A sync that was accepted and did not end well. */
export function endText({ end, nodes, reasons }: Watched, inputs: Inputs, subject: string): string {
  const where = `${subject}, ${poolText(inputs)}`;
  const counts = countStandings(nodes);
  const why = reasons.join("; ");
  if (end !== "failed") {
    const soFar = nodes.length > 0 ? `; ${counts.synced} of ${nodes.length} nodes are up to date` : "";
    const hint = end === "timedOut" ? " Grant more time with customTimeouts if it needs it." : "";
    return `${where}: ${why}${soFar}. Run \`pulumi up\` again: it goes on watching and sends nothing that is running.${hint}`;
  }
  const failed = nodes.filter(({ standing }) => standing === "failed");
  const names = failed.map(
    ({ name, phase, reason }) => `${name} (${[phase, reason].filter(Boolean).join(": ")})`,
  );
  const which =
    failed.length > 0
      ? `${failed.length} of ${nodes.length} nodes not up to date: ${listNames(names, namesShown)}`
      : "";
  const what = [why, which].filter((part) => part !== "").join("; ");
  return `${where}: the sync failed: ${what}. Mend what the reasons name, then run \`pulumi up\` again: it repeats the sync for the nodes that are left.`;
}

function poolText({ nodePoolId, clusterId }: Inputs): string {
  return `node pool ${nodePoolId} of cluster ${clusterId}`;
}
