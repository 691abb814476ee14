import { isUnfinished } from "../sync/record/record.ts";
import { passwordDigest } from "./declaration.ts";
import type { InputClass } from "./inputs/fields.ts";
import { type Inputs, inputsOfClass } from "./inputs/schema.ts";
import { contentDigest, equal } from "./state/content.ts";
import type { RecordedInputs, State } from "./state/state.ts";

/**
 * The provider's answer to "what would change". `changes: undefined` leaves it to the engine to show its own
 * comparison of the inputs, and to honour `replaceOnChanges`; `true` forces an update that no input explains,
 * `false` suppresses one that means nothing.
 */
export interface Difference {
  readonly changes: boolean | undefined;
  readonly replaces: string[];
}

/**
 * Compares what is recorded with what is declared. Pure, and never throws: what cannot be compared is left to the
 * engine.
 */
export function diff(state: State, inputs: Inputs): Difference {
  try {
    const replaces = inputsOfClass("identity").filter((name) => !equal(state.inputs[name], inputs[name]));
    if (replaces.length > 0) return { changes: undefined, replaces };
    // The engine may hold older inputs than the state: a return to those would look like no change to it.
    if (state.record.lag || isUnfinishedFor(state, inputs)) return { changes: true, replaces: [] };
    return { changes: changedClasses(state, inputs).length === 0 ? false : undefined, replaces: [] };
  } catch {
    return { changes: undefined, replaces: [] };
  }
}

/** Whether something is left to do. Of a sync that nobody waits for, a refresh may have seen the beginning. */
function isUnfinishedFor({ inputs: olds, record, progress }: State, news: Inputs): boolean {
  const isLeftAlone = olds.wait === false && news.wait === false && record.request?.accepted === true;
  const status = isLeftAlone && progress.status === "inProgress" ? "accepted" : progress.status;
  return isUnfinished(record, status, news);
}

/** The classes in which what is declared differs in meaning from what is recorded. */
export function changedClasses({ inputs: olds, record }: State, news: Inputs): InputClass[] {
  const hasNewContent =
    contentDigest(olds, record.password) !== contentDigest(news, passwordDigest(news, record));
  const compared = (["identity", "address", "selection", "manner"] as const).filter((kind) =>
    inputsOfClass(kind).some((name) => !equal(meaning(name, olds), meaning(name, news))),
  );
  return hasNewContent ? [...compared, "content"] : compared;
}

/**
 * Whether the content has changed by nothing but the text of a salted password. A program that salts its password anew
 * on each run resets its nodes on each run.
 */
export function isOnlySaltedAnew({ inputs: olds, record }: State, news: Inputs): boolean {
  const password = passwordDigest(news, record);
  const isSalted = [record.password, password].every((digest) => digest?.startsWith("text$"));
  if (!isSalted || password === record.password) return false;
  return contentDigest(olds, record.password) === contentDigest(news, record.password);
}

/** What stands for an input that is left out. */
const defaults: Partial<Record<keyof Inputs, unknown>> = {
  excludeNodeIds: [],
  force: false,
  validateStorage: false,
  onCreate: "outdated",
  onChange: "all",
  wait: true,
};

/** A rollout as it is compared: what is left out means its default. */
function withRolloutDefaults(rollout: unknown): unknown {
  if (typeof rollout !== "object" || rollout === null) return rollout;
  return { zoneByZone: false, maxFailures: 0, ...rollout };
}

/** Whether an update with these inputs may reset nodes, and so change what is recorded of the sync. */
export function isSyncExpected(state: State, inputs: Inputs): boolean {
  const changed = changedClasses(state, inputs);
  return (
    state.record.lag === true ||
    isUnfinishedFor(state, inputs) ||
    changed.includes("content") ||
    changed.includes("selection")
  );
}

/** The value as it is compared: a left out one as its default, ids in one order. */
export function meaning(name: keyof Inputs, inputs: Inputs | RecordedInputs): unknown {
  const value = inputs[name] ?? defaults[name];
  if (name === "rollout") return withRolloutDefaults(value);
  const isSet = (name === "nodeIds" || name === "excludeNodeIds") && Array.isArray(value);
  return isSet ? [...new Set<unknown>(value)].sort() : value;
}
