import assert from "node:assert/strict";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { type StackHarness, withStackHarness } from "../support/programs/stackHarness.ts";

/** Nothing of the emulator's own key in the environment. */
const environment = { HW_ACCESS_KEY: "", HW_SECRET_KEY: "", HW_PROJECT_ID: "" };

onEveryEngine("authentication by the stack's configuration", (engine) => {
  /** The sync of a harness that authenticates as `config` says. */
  async function synchronize(
    harness: StackHarness,
    config: Record<string, string | { secret: string }>,
  ): Promise<void> {
    await harness.stack.setConfig(config);
    harness.syncs.workers = { args: harness.args };
    const up = await harness.run("up");
    assert.equal(up.ok, true, harness.lines.join("\n"));
    assert.equal(harness.emulator.acceptedSyncs.length, 1);
  }
  const tokens = ({ emulator }: StackHarness) =>
    emulator.requests.filter(({ kind }) => kind === "token").length;

  it("takes an IAM user's password from a secret, and records it nowhere", async () => {
    await withStackHarness(engine(), { environment }, async (harness) => {
      const { user, domain } = harness.emulator.account;
      const config = {
        "huaweicloud:userName": user.name,
        "huaweicloud:domainName": domain.name,
        "huaweicloud:password": { secret: user.password },
      };
      await synchronize(harness, config);
      assert.ok(tokens(harness) > 0);
    });
  });

  it("takes the parts of a role from one object, as `pulumi config set --path` writes it", async () => {
    await withStackHarness(engine(), { environment }, async (harness) => {
      const { agency, domain } = harness.emulator.account;
      const { accessKey, secretKey } = harness.emulator;
      const config = {
        "huaweicloud:accessKey": accessKey,
        "huaweicloud:secretKey": { secret: secretKey },
        "huaweicloud:assumeRole": JSON.stringify({ agencyName: agency, domainId: domain.id }),
      };
      await synchronize(harness, config);
      const roles = harness.emulator.requests.filter(({ kind }) => kind === "agency");
      assert.ok(roles.length > 0 && roles.every(({ path }) => path === "/v5/agencies/assume"));
    });
  });

  it("sends nothing when only the credentials have changed", async () => {
    await withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.workers = { args: harness.args };
      assert.equal((await harness.run("up")).ok, true);
      const { user, domain } = harness.emulator.account;
      await harness.stack.setConfig({
        "huaweicloud:userName": user.name,
        "huaweicloud:domainName": domain.name,
        "huaweicloud:password": { secret: user.password },
      });
      const again = await harness.run("up");
      assert.deepEqual([again.ok, again.changes], [true, { same: 2 }]);
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    });
  });
});
