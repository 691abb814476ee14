import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import type { Story } from "./story.ts";

export type Rollout = NonNullable<Inputs["rollout"]>;

/** A program that resets every node. */
export const all = { onCreate: "all", triggers: ["a"] } as const;
/** One node first, then two at a time. */
export const canary: Rollout = { canary: 1, waveSize: 2, soak: "10m" };
/** The same in waves. */
export const inWaves = (rollout: Rollout, more: Partial<Inputs> = {}): Partial<Inputs> => ({
  ...all,
  rollout,
  ...more,
});
/** In milliseconds. */
export const minutes = (many: number) => many * 60_000;

/** Does something once the message has been reported. */
export function once(story: Story, pattern: RegExp, act: () => void): void {
  const wait = async () => {
    while (!story.messages.some(({ message }) => pattern.test(message))) await story.clock.sleep(1000);
    act();
  };
  void wait();
}

/** Everything that was reported, a line each. */
export const said = ({ messages }: Story) => messages.map(({ message }) => message).join("\n");
