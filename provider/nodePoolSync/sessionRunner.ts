import type { Configuration } from "../config/sources.ts";
import { errorCodes } from "../errors/codes.ts";
import { ConfigurationError, DiagnosedError } from "../errors/errors.ts";
import { redact, redactAll } from "../errors/redaction.ts";
import type { Sessions } from "../session/sessions.ts";
import type { Outcome } from "../sync/record/outcome.ts";
import { refusalText, sameRefusalText } from "../sync/report/messages.ts";
import type { Report } from "../sync/report/progress.ts";
import type { SyncContext } from "../sync/run/context.ts";
import { createSyncMutex } from "../sync/run/mutex.ts";
import { SyncFailure } from "../sync/run/syncFailure.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";
import type { Inputs } from "./inputs/schema.ts";
import { passwordIn } from "./inputs/secretInputs.ts";
import { ResourceRefusal } from "./resourceFailure.ts";
import { coverInputs, reportTraceFault } from "./traceCover.ts";

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

/** Does work in the session of a resource's inputs; whatever the work reports or throws is without secrets. */
export type SessionRunner = <T>(
  inputs: Partial<Inputs>,
  caller: Caller,
  place: { endpoint: string; projectId: string } | undefined,
  work: (context: SyncContext, secrets: readonly string[]) => Promise<T>,
) => Promise<T>;

export function createSessionRunner(options: ServiceOptions): SessionRunner {
  const { configuration, clock, interrupted, createSessions, random = Math.random } = options;
  const mutex = createSyncMutex();
  const noticed = new Set<string>();
  const sharedReasons = createSharedReasons();
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
      const first = sharedReasons.firstWith(error, caller.subject);
      const text =
        first === undefined
          ? refusalText(error, inputs, caller.subject)
          : sameRefusalText(error as DiagnosedError, inputs, caller.subject, first);
      throw new ResourceRefusal(
        redact(text, known()),
        error instanceof DiagnosedError ? error.errorCode : undefined,
      );
    }
  };
}

/** Keeps which resource was the first to end for a reason that all resources share. */
function createSharedReasons() {
  const subjects = new Map<string, string>();
  return {
    /** The subject that has reported the same at length before; undefined for the first one, and for other errors. */
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

/** A sync failure without secrets. */
export class FailedOutcome extends Error {
  readonly outcome: Outcome;

  constructor(message: string, outcome: Outcome) {
    super(message);
    this.outcome = outcome;
  }
}
