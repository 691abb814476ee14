/**
 * The door of the provider: what Pulumi's dynamic-provider process calls. Each function here turns the engine's
 * words into plain data and back; what happens in between is the lifecycle's.
 */

import { type EngineOptions, engineOptionsKey, readEngineOptions } from "./dynamic/engineOptions.ts";
import { endWithEngine, openEngineLog, watchForCancel } from "./dynamic/host.ts";
import { passwordIn, withPasswordSecret } from "./dynamic/secrets.ts";
import { withoutStack } from "./errors/errors.ts";
import { redact, redactAll } from "./errors/redaction.ts";
import { check as checkInputs } from "./nodePoolSync/check.ts";
import { diff as compare, type Difference } from "./nodePoolSync/diff.ts";
import type { Inputs } from "./nodePoolSync/schema.ts";
import { bookkeepingKey, readState, type State, writeState } from "./nodePoolSync/state.ts";
import { forecast } from "./sync/forecast.ts";
import { openTurns } from "./sync/keyedMutex.ts";
import {
  type LifecycleContext,
  leftToDo,
  parseResourceId,
  resourceId,
  SyncFailure,
  synchronize,
} from "./sync/lifecycle.ts";
import { noResourceId, refusalText } from "./sync/messages.ts";
import { inspect, refresh } from "./sync/refresh.ts";
import type { LeftToDo } from "./sync/targets.ts";
import { systemClock } from "./util/clock.ts";
import { containsUnknown } from "./util/unknowns.ts";

type Properties = Record<string, unknown>;

let stackConfig: (key: string) => string | undefined = () => undefined;

const clock = systemClock;
/** What reaches the service is loaded when it is needed first: a run that changes nothing needs none of it. */
const sessions = lazily(async () => {
  const { openSessions } = await import("./sync/sessions.ts");
  return openSessions(() => ({ config: stackConfig, environment: process.env }), clock);
});
const turns = openTurns();
const engineLog = openEngineLog();
const interrupted = watchForCancel();
endWithEngine();

/**
 * Takes the stack's configuration. Finishes at once: while a configure is pending, the dynamic server lets other
 * calls through to a provider that is not configured.
 */
export function configure(request: { config: { get(key: string): string | undefined } }): void {
  stackConfig = (key) => request.config.get(key);
}

/** Validates and normalises inputs; never throws. See `check.ts`. */
export async function check(olds: Properties, news: Properties) {
  const options = readEngineOptions(news);
  declared.add(options.urn);
  const { inputs, problems } = checkInputs(publicInputs(news));
  const failures = problems.map((reason) => ({ property: "", reason }));
  const isNew = Object.keys(olds).length === 0;
  if (failures.length === 0 && isNew) await announce(inputs as Inputs, undefined, options);
  const hidden = news[engineOptionsKey] === undefined ? {} : { [engineOptionsKey]: news[engineOptionsKey] };
  return { inputs: { ...withPasswordSecret(inputs), ...hidden }, failures };
}

/** Compares state and inputs; never throws. See `diff.ts`. */
export async function diff(_id: string, olds: Properties, news: Properties): Promise<Difference> {
  try {
    const state = readState(olds);
    const inputs = publicInputs(news) as Inputs;
    const difference = compare(state, inputs);
    const options = readEngineOptions(news);
    if (difference.changes !== false && difference.replaces.length === 0 && declared.has(options.urn)) {
      const repeats = difference.changes === true;
      if (repeats && state.progress.status === "inProgress") announceLook(options);
      else await announce(inputs, repeats ? leftToDo(state) : undefined, options);
    }
    return difference;
  } catch {
    // A state that cannot be read is dealt with where an error can be told: in update.
    return { changes: true, replaces: [] };
  }
}

/** Creates: synchronizes the pool's nodes. See `lifecycle.ts`. */
export async function create(news: Properties) {
  const { createTimeout } = readEngineOptions(news);
  const outs = await telling(news, async (inputs, open) =>
    synchronize(inputs, undefined, { ...(await open()), timeout: createTimeout }),
  );
  return { id: resourceId(publicInputs(news) as Inputs), outs };
}

/** Updates: resumes, repeats or starts the sync. See `lifecycle.ts`. */
export async function update(_id: string, olds: Properties, news: Properties) {
  const { updateTimeout } = readEngineOptions(news);
  const outs = await telling(news, async (inputs, open) =>
    synchronize(inputs, readState(olds), { ...(await open()), timeout: updateTimeout }),
  );
  return { outs };
}

/** Refreshes what is recorded; never changes anything at the service. See `refresh.ts`. */
export async function read(id: string, properties: Properties) {
  const known = { ...parseResourceId(id), ...properties };
  const props = await telling(known, async (inputs, open) => {
    if (inputs.clusterId === undefined) throw noResourceId(id);
    if (properties[bookkeepingKey] === undefined) return inspect(inputs, await open());
    const recorded = readState(properties);
    return refresh(recorded, await open(recorded.bookkeeping));
  });
  return props === undefined ? { id: "", props: {} } : { id, props };
}

/** Deletes: forgets the resource. Nothing is undone at the service, and nothing is sent. */
async function remove(): Promise<void> {}

export { remove as delete };

/**
 * Does the work; answers and tells what goes wrong in it as the engine should record and show it: without secrets and
 * stacks.
 */
async function telling(
  properties: Properties,
  work: (inputs: Inputs, open: OpenContext) => Promise<State | undefined>,
): Promise<Properties | undefined> {
  const inputs = publicInputs(properties) as Inputs;
  const options = readEngineOptions(properties);
  const secrets = openSecrets(inputs);
  try {
    const state = await work(inputs, (recorded) => openContext(inputs, options, secrets, recorded));
    return state && outputs(state, properties, secrets.known());
  } catch (error) {
    if (!(error instanceof SyncFailure))
      throw withoutStack(new Error(redact(refusalText(error, inputs, subjectOf(options)), secrets.known())));
    const message = redact(error.message, secrets.known());
    const saved = {
      id: resourceId(inputs),
      properties: outputs(error.state, properties, secrets.known()),
      reasons: [message],
    };
    throw withoutStack(Object.assign(new Error(message), saved));
  } finally {
    await engineLog.arrived();
  }
}

type OpenContext = (recorded?: { endpoint: string; projectId: string }) => Promise<LifecycleContext>;

/** The texts that must not be shown: of the inputs, and of whatever is added. */
function openSecrets(inputs: Inputs) {
  const sources = [() => [passwordIn(inputs) ?? []].flat() as readonly string[]];
  return {
    /** @param source asked whenever something is about to be shown, since credentials are renewed. */
    add: (source: () => readonly string[]) => void sources.push(source),
    known: () => sources.flatMap((source) => source()),
  };
}

/** @param secrets takes the texts that must not be shown, as soon as they are known. */
async function openContext(
  inputs: Inputs,
  options: EngineOptions,
  secrets: ReturnType<typeof openSecrets>,
  recorded?: { endpoint: string; projectId: string },
): Promise<LifecycleContext> {
  const { clusterId, region, projectId, endpoint } = inputs;
  const { open } = await sessions();
  const session = await open(clusterId, { region, projectId, endpoint }, recorded);
  secrets.add(session.secrets);
  const tell = engineLog.reportFor(options.urn);
  for (const { text, kind } of session.remarks.filter(({ text }) => !remarked.has(text))) {
    remarked.add(text);
    tell(text, kind);
  }
  return {
    ...session,
    clock,
    interrupted,
    turns,
    random: Math.random,
    report: (message, kind) => tell(redact(message, secrets.known()), kind),
    subject: subjectOf(options),
  };
}

/**
 * The URNs that this run's program declares. A refresh has what it found compared too, with what is recorded, and must
 * not be told that nodes will be reset.
 */
const declared = new Set<string | undefined>();

/** Tells what a sync would cost, where that can be known; a preview works all the same where it cannot. */
async function announce(inputs: Inputs, left: LeftToDo | undefined, options: EngineOptions): Promise<void> {
  if (!forecasting || containsUnknown(inputs)) return;
  const patience = new AbortController();
  const told = openContext(inputs, options, openSecrets(inputs))
    .then(async (context) => ({ line: await forecast(inputs, left, context), context }))
    .catch(() => undefined)
    .finally(() => patience.abort());
  await Promise.race([told, clock.sleep(forecastPatience, patience.signal)]);
  const known = patience.signal.aborted ? await told : undefined;
  if (known?.line !== undefined) known.context.report(known.line, "note");
  // One attempt in vain is enough: with hundreds of resources the next ones would each wait as long.
  else forecasting = false;
}

/** Tells of a sync whose end was not seen: the next run resets no node while anything shows it. */
function announceLook({ urn }: EngineOptions): void {
  const look = "looks first how the sync on record stands; sends it again only when nothing shows of it";
  engineLog.reportFor(urn)(look, "note");
}

/** What was remarked in this process; once is enough for all resources. */
const remarked = new Set<string>();

let forecasting = true;
const forecastPatience = 10_000;

/** What is recorded; the service's own words in it are redacted too, since it may quote what it was sent. */
function outputs(state: State, properties: Properties, secrets: readonly string[]): Properties {
  const kept = [providerKey, engineOptionsKey].filter((key) => properties[key] !== undefined);
  const recorded = writeState({ ...state, progress: redactAll(state.progress, secrets) });
  return {
    ...withPasswordSecret(recorded),
    ...Object.fromEntries(kept.map((key) => [key, properties[key]])),
  };
}

/** The properties without what only Pulumi and this package need. */
function publicInputs(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

/** The property in which Pulumi keeps the provider's text; without it in the state, the resource cannot be destroyed. */
const providerKey = "__provider";

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function subjectOf({ urn }: EngineOptions): string {
  const name = urn?.split("::").at(-1);
  return name === undefined ? "NodePoolSync" : `NodePoolSync "${name}"`;
}
