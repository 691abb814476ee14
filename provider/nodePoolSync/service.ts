import type { Configuration } from "../config/sources.ts";
import { errorCodes } from "../errors/codes.ts";
import { ConfigurationError, DiagnosedError } from "../errors/errors.ts";
import { redact, redactAll } from "../errors/redaction.ts";
import type { SyncContext } from "../sync/context.ts";
import type { Outcome } from "../sync/declaration.ts";
import { type Forecast, forecastTimeout, unknownForecast } from "../sync/forecast.ts";
import { refusalText, sameRefusalText } from "../sync/messages.ts";
import { createSyncMutex } from "../sync/mutex.ts";
import type { Report } from "../sync/progress.ts";
import { forecast, inspect, refresh, synchronize, view } from "../sync/runs.ts";
import type { Sessions } from "../sync/sessions.ts";
import { SyncFailure } from "../sync/syncFailure.ts";
import type { PoolView } from "../sync/view.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";
import { containsUnknown } from "../util/unknowns.ts";
import { declarationOf, recordedOf } from "./declaration.ts";
import { isOnlySaltedAnew } from "./diff.ts";
import type { PoolAddress } from "./poolLookUp.ts";
import { ResourceFailure } from "./resourceFailure.ts";
import { parseResourceId } from "./resourceId.ts";
import type { Inputs } from "./schema.ts";
import { passwordIn } from "./secretInputs.ts";
import type { RecordedInputs, State } from "./state.ts";
import { coverInputs, reportTraceFault } from "./traceCover.ts";

export { ResourceFailure } from "./resourceFailure.ts";

/** What the resource's service works with. */
export interface ServiceOptions {
  /** The stack's configuration and the environment, as they are when a resource is worked on. */
  readonly configuration: () => Configuration;
  readonly clock: Clock;
  /** Aborts when the user interrupts the engine, or the process is asked to end. */
  readonly interrupted: AbortSignal;
  /** Makes the sessions; asked when the first resource needs the service, since they take a while to load. */
  readonly createSessions: (
    configuration: () => Configuration,
    clock: Clock,
    interrupted: AbortSignal,
  ) => Promise<Sessions> | Sessions;
  /** A number from 0 to 1, for jitter. */
  readonly random?: () => number;
}

/** For whom the service works. */
export interface Caller {
  /** How the resource is named in messages, such as `NodePoolSync "workers"`. */
  readonly subject: string;
  readonly report: Report;
  /** Milliseconds granted by `customTimeouts`. */
  readonly timeout?: number;
}

/** The verbs of the resource that reach the cluster, over plain data; what needs no cluster is in check and diff. */
export interface NodePoolSyncService {
  /**
   * Creates, or updates from the earlier state: see `sync/lifecycle.ts`.
   * @throws ResourceFailure when there is something to record all the same.
   */
  synchronize(inputs: Inputs, earlier: State | undefined, caller: Caller): Promise<State>;
  /** Refreshes what is recorded, or looks a pool up by its ID; undefined when the resource is gone. */
  read(
    id: string,
    earlier: State | undefined,
    inputs: Partial<Inputs>,
    caller: Caller,
  ): Promise<State | undefined>;
  /** Says what an update would reset, or why that cannot be told. */
  forecast(inputs: Inputs, earlier: State | undefined, caller: Caller): Promise<Forecast>;
  /** Looks at a pool, whoever manages it. */
  view(pool: PoolAddress, caller: Caller): Promise<PoolView>;
}

/** What stands for the manner of a pool that no program declares; nothing is done in it. */
const onlyLookedUp = { maxUnavailable: 1, wait: true, onCreate: "nothing", onChange: "all" } as const;

/** The service of this process. Connections, limits and looks are shared by all resources that it works for. */
export function createService(options: ServiceOptions): NodePoolSyncService {
  const { clock } = options;
  const within = createSessionRunner(options);
  let isSilent = false;

  return {
    async synchronize(inputs, earlier, caller) {
      const declaration = declarationOf(inputs, earlier?.record);
      const recorded = earlier && recordedOf(earlier);
      try {
        return await within(inputs, caller, undefined, async (context, secrets) => {
          warnOfFreshSalt(inputs, earlier, context.report);
          return stateOf(await synchronize(declaration, recorded, context), inputs, earlier, secrets);
        });
      } catch (error) {
        if (!(error instanceof FailedOutcome)) throw error;
        throw new ResourceFailure(error.message, stateOf(error.outcome, inputs, earlier, []));
      }
    },

    async read(id, earlier, given, caller) {
      const inputs = {
        ...(earlier === undefined ? parseId(id, caller) : earlier.inputs),
        ...given,
      } as Inputs;
      return within(inputs, caller, earlier?.record, async (context, secrets) => {
        if (earlier === undefined) {
          const outcome = await inspect(declarationOf({ ...onlyLookedUp, ...inputs }), undefined, context);
          return stateOf(outcome, inputs, undefined, secrets);
        }
        const recorded = recordedOf(earlier);
        const declaration = {
          ...declarationOf(earlier.inputs as Inputs, earlier.record),
          content: recorded.content,
        };
        const outcome = await refresh(declaration, recorded, context);
        return outcome && stateOf(outcome, earlier.inputs, undefined, secrets);
      });
    },

    async forecast(inputs, earlier, caller) {
      if (containsUnknown(inputs)) {
        return unknownInputsForecast(inputs, earlier);
      }
      const declaration = declarationOf(inputs, earlier?.record);
      const recorded = earlier && recordedOf(earlier);
      const tooLate = unknownForecast("the service did not answer in time");
      // One attempt in vain is enough: with hundreds of resources the next ones would each wait as long.
      if (isSilent) return tooLate;
      const answered = new AbortController();
      const told = within(inputs, caller, undefined, (context) => forecast(declaration, recorded, context))
        .catch((error: Error) => unknownForecast(error.message))
        .finally(() => answered.abort());
      await Promise.race([told, clock.sleep(forecastTimeout, answered.signal)]);
      isSilent = !answered.signal.aborted;
      return isSilent ? tooLate : told;
    },

    view: (pool, caller) =>
      within(pool, caller, undefined, (context) =>
        view(declarationOf({ ...onlyLookedUp, ...pool }), undefined, context),
      ),
  };
}

/** Does work in the session of a resource's inputs; whatever the work reports or throws is without secrets. */
type SessionRunner = <T>(
  inputs: Partial<Inputs>,
  caller: Caller,
  place: { endpoint: string; projectId: string } | undefined,
  work: (context: SyncContext, secrets: readonly string[]) => Promise<T>,
) => Promise<T>;

function createSessionRunner(options: ServiceOptions): SessionRunner {
  const { configuration, clock, interrupted, createSessions, random = Math.random } = options;
  const mutex = createSyncMutex();
  const noticed = new Set<string>();
  const told = createSharedReasons();
  let sessions: Promise<Sessions> | undefined;
  return async (inputs, caller, place, work) => {
    const own = [passwordIn(inputs) ?? []].flat();
    let known = (): readonly string[] => own;
    try {
      sessions ??= Promise.resolve(createSessions(configuration, clock, interrupted));
      const { clusterId = "", region, projectId, endpoint } = inputs;
      const session = await (await sessions).open(clusterId, { region, projectId, endpoint }, place);
      known = () => [...own, ...session.secrets()];
      const { subject, timeout } = caller;
      const report: Report = (message, severity) => caller.report(redact(message, known()), severity);
      for (const { text, severity } of session.notices.filter(({ text }) => !noticed.has(text))) {
        noticed.add(text);
        report(text, severity);
      }
      if (session.trace !== undefined) coverInputs(session.trace, inputs);
      const trace = session.trace?.run();
      const context = { ...session, clock, interrupted, mutex, random, report, subject, timeout, trace };
      return await work(context, known()).finally(
        () => session.trace && reportTraceFault(session.trace, report),
      );
    } catch (error) {
      if (error instanceof SyncFailure) {
        const outcome = { ...error.outcome, progress: redactAll(error.outcome.progress, known()) };
        throw new FailedOutcome(redact(error.message, known()), outcome);
      }
      const first = told.firstWith(error, caller.subject);
      const text =
        first === undefined
          ? refusalText(error, inputs, caller.subject)
          : sameRefusalText(error as DiagnosedError, inputs, caller.subject, first);
      throw new Error(redact(text, known()));
    }
  };
}

/** Keeps which resource was the first to end for a reason that all resources share. */
function createSharedReasons() {
  const subjects = new Map<string, string>();
  return {
    /** The subject that has told the same at length before; undefined for the first one, and for other errors. */
    firstWith(error: unknown, subject: string): string | undefined {
      const isShared =
        error instanceof ConfigurationError ||
        (error instanceof DiagnosedError && error.errorCode === errorCodes.credentialsRefused);
      if (!isShared) return undefined;
      const first = memoize(subjects, error.message, () => subject);
      return first === subject ? undefined : first;
    },
  };
}

/** What a preview can say while an input is not known, such as the ID of a pool that the same update creates. */
function unknownInputsForecast({ onCreate, nodeTemplate }: Inputs, earlier: State | undefined): Forecast {
  const spares = earlier === undefined && onCreate === "outdated" && nodeTemplate === undefined;
  const rule = spares ? "; nodes that report being up to date will not be reset" : "";
  const text = `which nodes will be reset is not known yet, because an input is known only during the update${rule}`;
  return { text, severity: "info" };
}

/** A sync failure without secrets. */
class FailedOutcome extends Error {
  readonly outcome: Outcome;

  constructor(message: string, outcome: Outcome) {
    super(message);
    this.outcome = outcome;
  }
}

/** What to record: until what is declared is in the record, the inputs of before stay with it. */
function stateOf(
  { isEntered, record, progress }: Outcome,
  inputs: Inputs | RecordedInputs,
  earlier: State | undefined,
  secrets: readonly string[],
): State {
  const recorded = isEntered || earlier === undefined ? inputs : earlier.inputs;
  return { inputs: recorded, record, progress: redactAll(progress, secrets) };
}

function parseId(id: string, { subject }: Caller): Partial<Inputs> {
  try {
    return parseResourceId(id);
  } catch (error) {
    throw new Error(refusalText(error, {}, subject));
  }
}

/** A password that is salted anew in each run is another one each time, and resets every node each time. */
function warnOfFreshSalt(inputs: Inputs, earlier: State | undefined, report: Report): void {
  if (earlier === undefined || !isOnlySaltedAnew(earlier, inputs)) return;
  report(
    "the salted password has changed, which resets every node; if the program salts it on each run, salt it once and keep the result as a secret in the stack's configuration",
    "warning",
  );
}
