import fc from "fast-check";
import { type Profile, type ProfileName, profiles } from "../../emulator/index.ts";
import { createLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { holdsInTime, ofCases } from "../support/properties.ts";
import { type Story, story } from "../support/stories/happenings.ts";
import { mixture } from "../support/stories/services.ts";
import { tell } from "../support/stories/teller.ts";

/** How many are lived on each service; each opens an emulator of its own. */
const stories = ofCases(50);

async function live(profile: ProfileName | Profile, told: Story): Promise<void> {
  const harness = await createLifecycleHarness({ profile, nodesPerPool: 4, zones: 2 });
  try {
    await tell(harness, typeof profile === "string" ? profiles[profile] : profile, told);
  } finally {
    await harness.close();
  }
}

describe("whatever happens to a pool and its resource, nothing is said of a node that is not so, and no node is reset in vain", () => {
  for (const profile of Object.keys(profiles) as ProfileName[])
    it(`on a service of profile ${profile}`, async () => {
      await holdsInTime(
        fc.asyncProperty(story, (told) => live(profile, told)),
        stories,
      );
    });

  it("on services that behave in each respect as one of the profiles does", async () => {
    await holdsInTime(fc.asyncProperty(mixture, story, live), stories * 4);
  });
});
