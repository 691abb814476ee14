import type { Node } from "../../cce/model.ts";
import { isRetryLater, mayHaveBeenAccepted, pauseAfterRefusedWrite } from "../../cce/retryPolicy.ts";
import { errorCodes } from "../../errors/codes.ts";
import { ServiceError, UserError } from "../../errors/errors.ts";
import { duration } from "../../util/text.ts";
import { activityOf, createStandstill, type PoolActivity } from "../proof/activity.ts";
import { isWorking } from "../proof/phases.ts";
import { accept, loseAnswer, send, withdraw } from "../record/openRequest.ts";
import type { Words } from "../record/words.ts";
import { nothingSent, type Obstacle, obstacleOf } from "../report/obstacle.ts";
import { createProgress } from "../report/progress.ts";
import { pauseWithin, type SyncContext } from "../run/context.ts";
import type { Look } from "../run/look.ts";
import { knownNodes } from "../run/poolNodes.ts";
import { createPoolCheck, type Run, recordOf, takeIn } from "../run/run.ts";
import { waitUntil } from "../run/waiter.ts";
import type { Adoption } from "./adoption.ts";
import { contradictingDebts, takeInOverlooked, unsentNodes } from "./due.ts";
import { assertClusterRecoverable } from "./recoverable.ts";
import { maxUnavailableOf, planWaves } from "./rollout.ts";
import { beginWave, waveOptionsOf } from "./waves.ts";

/** A request that was sent, with the look that it was decided on; or nothing that had to be sent. */
export type Sent =
  | { readonly kind: "sent"; readonly look: Look; readonly at: number }
  | { readonly kind: "nothing" };

/**
 * Sends one request when the pool is at rest: for every node that is due and that no request of this run has named, or
 * for the next wave of them.
 * @param adoption a sync that was under way unseen may show itself only while this waits for its turn.
 * @throws UserError when the deadline or an interruption comes first, or the inputs do not fit the cluster.
 * @throws ServiceError when the service refuses for good.
 */
export async function sendDue(run: Run, adoption: Adoption): Promise<Sent> {
  const { context, deadline } = run;
  const attempts = createAttempts(run, adoption);
  const end = await waitUntil<Sent>({ ...context, deadline }, attempts.next);
  if (end.kind === "settled") return end.value;
  throw nothingSent(end.kind, attempts.obstacle(), run.ledger.hasSent);
}

function createAttempts(run: Run, adoption: Adoption) {
  const { context, deadline, declaration, observer } = run;
  const { clock, report } = context;
  const progress = createProgress(report, clock);
  const poolIsThere = createPoolCheck(run);
  const standstill = createStandstill(clock);
  // Given back when there is more to wait for: places kept for later would let too many through in one minute.
  let holdsPlace = false;
  let obstacle: Obstacle | undefined;
  let isGranted = false;

  function wait(text: string, what = text): undefined {
    holdsPlace = false;
    obstacle = { text, code: errorCodes.busy };
    progress(`waiting: ${text}`, what);
    return undefined;
  }

  async function next(): Promise<Sent | undefined> {
    // To wait, the snapshot that all share is enough; what is sent is decided on a fresh one.
    const look = await observer.look(holdsPlace);
    if (look === undefined) {
      holdsPlace = false;
      obstacle = observer.blindness() ?? obstacle;
      return undefined;
    }
    if (!poolIsThere(look)) return undefined;
    const open = takeIn(look, run);
    if (open !== undefined) return wait(open);
    takeInOverlooked(look, run);
    await adoption.observe(look);
    if (!run.words.isSettled(contradictingDebts(look, run)))
      return wait("nodes were brought up to date recently, and may still report their state from before");
    if (adoption.isSettling()) return wait("nodes were reset recently, and a second read has to confirm it");
    const activity = activityOf(look.snapshot, declaration, look.clusterUpgrading);
    const due = unsentNodes(look, run, wordsAt(activity, adoption, run));
    if (due.length === 0) return { kind: "nothing" };
    const { waves, wave, maxUnavailable } = chooseWave(due, look, run);
    if (!isGranted) deadline.restart(wave.length, maxUnavailable);
    isGranted = true;
    if (activity !== undefined && !(activity.isScaling && standstill(activity.fingerprint)))
      return wait(activity.text, activity.what);
    if (!holdsPlace) {
      holdsPlace = await takePlace(run);
      return holdsPlace ? next() : undefined;
    }
    holdsPlace = false;
    const ids = wave.map(({ id }) => id);
    const at = clock.monotonic();
    const refusal = await post(ids, maxUnavailable, look, run);
    if (refusal === undefined) {
      beginWave(waves, run);
      return { kind: "sent", look, at };
    }
    obstacle = await heedRefusal(refusal, run);
    return undefined;
  }

  return { next, obstacle: () => obstacle };
}

/** What a sync that was under way has shown counts when it is over: until then, the pool may still be changed. */
function wordsAt(activity: PoolActivity | undefined, adoption: Adoption, { words }: Run): Words {
  return activity === undefined ? adoption.words() : words;
}

/**
 * Waits for one of the service's places for requests that change something.
 * @returns whether there is still time to use it.
 */
async function takePlace({ context, deadline }: Run): Promise<boolean> {
  const { client, clock, interrupted } = context;
  const asked = clock.monotonic();
  await deadline.bound((signal) => client.enterWriteQueue(signal));
  deadline.extend(clock.monotonic() - asked);
  return !interrupted.aborted && clock.monotonic() < deadline.at();
}

/** The next wave of the nodes that are due, with all waves, and how many of its nodes may be reset at a time. */
function chooseWave(due: readonly Node[], look: Look, run: Run) {
  const options = waveOptionsOf(look, run);
  const waves = planWaves(due, options);
  const [wave = []] = waves;
  assertRequestFits(wave.length, run);
  return { waves, wave, maxUnavailable: maxUnavailableOf(run.declaration, options.selected) };
}

/**
 * Sends the request, once, and enters it into the record.
 * @returns the service's refusal; undefined when it took the request, or may have taken it.
 */
async function post(ids: readonly string[], maxUnavailable: number, look: Look, run: Run): Promise<unknown> {
  const { declaration, ledger, deadline, context } = run;
  const { client, clock, report } = context;
  const before = recordOf(run);
  const { clusterId, nodePoolId } = declaration;
  const nodes = knownNodes(look, run).filter(({ id }) => ids.includes(id));
  ledger.offBefore = before.off;
  ledger.record = send(before, nodes, requestFacts(look, nodes, run), run.words);
  try {
    const { jobId } = await deadline.bound((signal) =>
      client.synchronize({ clusterId, nodePoolId, body: declaration.body(ids, maxUnavailable) }, signal),
    );
    ledger.record = accept(ledger.record, jobId, serviceNow(context));
    ledger.jobId = jobId;
    ledger.acceptedAt = new Date(clock.now()).toISOString();
    ledger.firstAcceptedAt ??= ledger.acceptedAt;
  } catch (error) {
    if (!mayHaveBeenAccepted(error)) {
      ledger.record = withdraw(ledger.record, before);
      return error;
    }
    ledger.record = loseAnswer(ledger.record, serviceNow(context));
    ledger.jobId = undefined;
    ledger.unanswered = (error as Error).message;
    report(
      `no answer to the request; checking whether the sync has started (${ledger.unanswered})`,
      "status",
    );
  }
  for (const id of ids) ledger.requested.add(id);
  [ledger.isDirty, ledger.hasSent] = [true, true];
  return undefined;
}

/**
 * Waits as long as a refusal asks.
 * @returns the obstacle that the refusal is.
 * @throws the refusal when waiting does not help.
 */
async function heedRefusal(error: unknown, { context, deadline, declaration }: Run): Promise<Obstacle> {
  const { client, report, interrupted } = context;
  if (interrupted.aborted || !isRetryLater(error)) throw error;
  const obstacle = obstacleOf(error);
  await deadline.bound((signal) => assertClusterRecoverable(error, declaration.clusterId, client, signal));
  const pause = (error instanceof ServiceError && error.retryAfter) || pauseAfterRefusedWrite;
  report(`not accepted yet, retrying in ${duration(pause)}: ${obstacle.text}`, "status");
  if (error instanceof ServiceError && error.status === 429) deadline.excuse(pause);
  await pauseWithin(deadline, context, pause);
  return obstacle;
}

function assertRequestFits(nodes: number, { declaration: { mostNodes } }: Run): void {
  if (mostNodes === undefined || nodes <= mostNodes) return;
  throw new UserError(
    `validateStorage: a sync with it takes at most ${mostNodes} nodes, and ${nodes} have to be reset`,
    errorCodes.invalidRequest,
    "Select fewer nodes with nodeIds or excludeNodeIds, or set validateStorage to false, then run `pulumi up` again.",
  );
}

/** What is recorded of the moment before the request leaves. */
function requestFacts({ pool, clusterUpgrading }: Look, nodes: readonly Node[], { context }: Run) {
  const sentAt = serviceNow(context);
  const { jobId, transition, updatedAt } = pool ?? {};
  const busy = nodes.filter((node) => isWorking(node, clusterUpgrading)).map(({ id }) => id);
  const working = busy.length > 0 ? busy : undefined;
  const facts = { jobId, transition, updatedAt, working };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { sentAt, before: Object.fromEntries(known) };
}

/** The time by the service's clock where that is known, ISO 8601. */
function serviceNow({ client, clock }: SyncContext): string {
  return new Date(client.serviceTime() ?? clock.now()).toISOString();
}
