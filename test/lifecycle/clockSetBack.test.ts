import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator/index.ts";
import { templateInputs } from "../support/inputs/inputs.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

const { nodeTemplate } = templateInputs;
const all = { onCreate: "all" } as const;
const hour = 3_600_000;

describe("a machine whose clock is set back an hour", () => {
  /** With a token: a signature depends on the time of day. */
  const tellWithToken = (options: EmulatorOptions, told: (story: Story) => Promise<void>) => {
    const environment: Record<string, string> = {};
    const withToken = (story: Story) => {
      environment.HW_AUTH_TOKEN = story.emulator.token;
      return told(story);
    };
    return tell(options, withToken, environment);
  };
  const setBack = ({ clock, after }: Story, seconds: number) =>
    after(seconds, () => clock.setWall(clock.now() - hour));

  for (const profile of ["standard", "bare", "statusLags"] as const)
    for (const [change, inputs] of [
      ["", all],
      [" with a node template", { ...all, nodeTemplate }],
    ] as const)
      for (const seconds of [0, 40, 130])
        it(`takes no longer over a sync${change} than one whose clock is right, after ${seconds} s: ${profile}`, () =>
          tellWithToken({ profile }, async (story) => {
            const { clock } = story;
            const state = await story.synced(inputs);
            const time = clock.monotonic();
            setBack(story, seconds);
            await story.synced({ ...inputs, triggers: ["next"] }, state);
            assert.ok(clock.monotonic() <= 2 * time + 15_000);
            assert.equal(story.sent.length, 2);
          }));

  it("sees in each look what is there then", () =>
    tellWithToken({}, async (story) => {
      setBack(story, 10);
      await story.synced(all);
      const looks = story.emulator.requests.filter(({ kind }) => kind === "nodes").map(({ at }) => at);
      assert.ok(looks.slice(1).every((at, index) => at - (looks[index] ?? 0) <= 60_000));
      story.assertReset(0);
    }));
});
