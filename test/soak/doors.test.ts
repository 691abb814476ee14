import assert from "node:assert/strict";
import fc from "fast-check";
import { type ProfileName, profiles } from "../../emulator/index.ts";
import { createLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { holdsInTime, ofCases } from "../support/properties.ts";
import { type DoorOf, dynamicDoor, pluginDoor } from "../support/stories/doors.ts";
import { type Story, story } from "../support/stories/happenings.ts";
import type { Tale } from "../support/stories/tale.ts";
import { tell } from "../support/stories/teller.ts";

/** How many are lived on each service, through each door. */
const stories = ofCases(30);

/** What came of a story, with nodes by their numbers and without ids that are random. */
async function live(profile: ProfileName, told: Story, doorOf: DoorOf): Promise<unknown> {
  const harness = await createLifecycleHarness({ profile, nodesPerPool: 4, zones: 2 });
  // Requests that a look sends side by side would arrive in an order that differs from time to time.
  let last: Promise<unknown> = Promise.resolve();
  harness.intercept((handler) => (request) => {
    const answer = last.then(() => handler(request));
    last = answer.catch(() => undefined);
    return answer;
  });
  try {
    return endOf(await tell(harness, profiles[profile], told, doorOf));
  } finally {
    await harness.close();
  }
}

function endOf({ kept, harness: { emulator } }: Tale): unknown {
  const text = JSON.stringify({
    inputs: kept?.inputs,
    state: kept?.state,
    resets: emulator.resets.map(({ nodeId, cause, outcome, startedAt }) => {
      return { nodeId, cause, outcome, startedAt };
    }),
    sent: emulator.acceptedSyncs.map(({ targets, at, origin }) => ({ targets, at, origin })),
  });
  const withoutIds = text
    .replaceAll(emulator.url, "url")
    .replaceAll(emulator.projectId, "a project")
    .replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (_id, first: string) =>
      first.startsWith("0000") ? `node ${Number.parseInt(first, 16)}` : "an id",
    );
  return JSON.parse(withoutIds);
}

describe("the same story through both doors, refreshed before each up", () => {
  for (const profile of Object.keys(profiles) as ProfileName[])
    it(`keeps all laws, and comes to the same end, record and resets: ${profile}`, async () => {
      await holdsInTime(
        fc.asyncProperty(story, async (told) => {
          const [ofDynamic, ofPlugin] = [
            await live(profile, told, dynamicDoor),
            await live(profile, told, pluginDoor),
          ];
          assert.deepEqual(ofPlugin, ofDynamic);
        }),
        stories,
      );
    });
});
