import { z } from "zod";
import { flag, integerFrom, object } from "./fields.ts";
import { addRolloutFaults, always } from "./rules.ts";

/** A share of the selected nodes: 1 % to 100 %, in whole numbers. */
const percentage = /^([1-9]\d?|100)%$/;
/** Hours, minutes and seconds, each in whole numbers. */
const time = /^(?=\d)(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/;
const longestSoak = 24 * 3_600_000;

/** A number of nodes, or a share of the selected ones. */
export function amount(min: number, max?: number) {
  const number = max === undefined ? `an integer from ${min}` : `an integer from ${min} to ${max}`;
  const error = `must be ${number}, or a percentage such as "20%"`;
  return z.union([integerFrom(min, max, error), z.string({ error }).regex(percentage, { error })], { error });
}

/** A length of time such as `1h30m` in milliseconds; undefined when the text is none. */
export function milliseconds(text: string): number | undefined {
  const match = time.exec(text);
  if (match === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

const soak = () => {
  const error = 'must be a time such as "90s", "10m" or "1h30m", more than zero and at most 24 hours';
  return z.string({ error }).refine(
    (text) => {
      const length = milliseconds(text);
      return length !== undefined && length > 0 && length <= longestSoak;
    },
    { error },
  );
};

const share =
  "A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1.";

/** The input that splits a sync into waves; a part of the schema in schema.ts. */
export const rollout = object({
  canary: amount(1)
    .optional()
    .meta({
      description: `How many nodes the first wave of each run has, such as \`1\` or \`"10%"\`. ${share} Nodes that failed in the run before come first.`,
      defaultText: "as many as `waveSize`",
    }),
  waveSize: amount(1)
    .optional()
    .meta({
      description: `How many nodes each wave after the canary has, such as \`5\` or \`"25%"\`. ${share}`,
      defaultText: "all nodes that are left",
    }),
  zoneByZone: flag().optional().meta({
    description:
      "Whether no wave may span two availability zones. One zone is finished before the next begins; nodes that do not say which zone they are in come last.",
    defaultText: "false",
  }),
  soak: soak().optional().meta({
    description:
      'How long the nodes of a wave must stay healthy before the next wave begins, such as `"90s"`, `"10m"` or `"1h30m"`, at most 24 hours. A node that leaves the phase `Active`, reports being outdated or disappears has failed. There is no soak after the last wave.',
    defaultText: "no soak",
  }),
  maxFailures: integerFrom(0, undefined).optional().meta({
    description:
      "How many nodes may fail in one run before no further wave begins, soaks included. Even within this number, the run ends as `failed`.",
    defaultText: "0",
  }),
})
  .superRefine(addRolloutFaults, always)
  .meta({
    description:
      "Resets the nodes in waves, each one request: a wave begins when all nodes of the one before are proven to have been reset and have stayed healthy. At least one of `canary`, `waveSize` and `zoneByZone` makes the waves. Requires `wait`.",
    typeName: "RolloutArgs",
    atLeastOne: ["canary", "waveSize", "zoneByZone"],
  });
