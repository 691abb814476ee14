import { redactAll } from "../errors/redaction.ts";
import { type Forecast, forecastTimeout, unknownForecast } from "../sync/forecast.ts";
import type { Outcome } from "../sync/record/outcome.ts";
import { refusalText } from "../sync/report/messages.ts";
import type { Report } from "../sync/report/progress.ts";
import { forecast, inspect, refresh, synchronize, view } from "../sync/runs.ts";
import type { PoolView } from "../sync/view.ts";
import type { Clock } from "../util/clock.ts";
import { containsUnknown } from "../util/unknowns.ts";
import { declarationOf, recordedOf } from "./declaration.ts";
import { isOnlySaltedAnew } from "./diff.ts";
import type { Inputs } from "./inputs/schema.ts";
import type { PoolAddress } from "./poolLookUp.ts";
import { ResourceFailure } from "./resourceFailure.ts";
import { parseResourceId } from "./resourceId.ts";
import {
  type Caller,
  createSessionRunner,
  FailedOutcome,
  type ServiceOptions,
  type SessionRunner,
} from "./sessionRunner.ts";
import type { RecordedInputs, State } from "./state/state.ts";

export { ResourceFailure } from "./resourceFailure.ts";
export type { Caller } from "./sessionRunner.ts";

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
  /** Says what an update would reset, or why that is not known. */
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

    forecast: createForecast(within, clock),

    view: (pool, caller) =>
      within(pool, caller, undefined, (context) =>
        view(declarationOf({ ...onlyLookedUp, ...pool }), undefined, context),
      ),
  };
}

function createForecast(within: SessionRunner, clock: Clock): NodePoolSyncService["forecast"] {
  let isSilent = false;
  return async (inputs, earlier, caller) => {
    if (containsUnknown(inputs)) return unknownInputsForecast(inputs, earlier);
    const declaration = declarationOf(inputs, earlier?.record);
    const recorded = earlier && recordedOf(earlier);
    const tooLate = unknownForecast("the service did not answer in time");
    // One attempt in vain is enough: with hundreds of resources the next ones would each wait as long.
    if (isSilent) return tooLate;
    const answered = new AbortController();
    const said = within(inputs, caller, undefined, (context) => forecast(declaration, recorded, context))
      .catch((error: Error) => unknownForecast(error.message))
      .finally(() => answered.abort());
    await Promise.race([said, clock.sleep(forecastTimeout, answered.signal)]);
    isSilent = !answered.signal.aborted;
    return isSilent ? tooLate : said;
  };
}

/** What a preview can say while an input is not known, such as the ID of a pool that the same update creates. */
function unknownInputsForecast({ onCreate, nodeTemplate }: Inputs, earlier: State | undefined): Forecast {
  const spares = earlier === undefined && onCreate === "outdated" && nodeTemplate === undefined;
  const rule = spares ? "; nodes that report being up to date will not be reset" : "";
  const text = `which nodes will be reset is not known yet, because an input is known only during the update${rule}`;
  return { text, severity: "info" };
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
