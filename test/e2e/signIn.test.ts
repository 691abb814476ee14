import assert from "node:assert/strict";
import { onEveryEngine } from "../engine/support.ts";
import { type Lab, withLab } from "../support/lab.ts";

/** Nothing of the emulator's own key in the environment. */
const environment = { HW_ACCESS_KEY: "", HW_SECRET_KEY: "", HW_PROJECT_ID: "" };

onEveryEngine("signing in by the stack's configuration", (engine) => {
  /** The sync of a lab that signs in as `config` says. */
  async function synchronize(lab: Lab, config: Record<string, string | { secret: string }>): Promise<void> {
    await lab.stack.setConfig(config);
    lab.syncs.workers = { args: lab.args };
    const up = await lab.run("up");
    assert.equal(up.ok, true, lab.lines.join("\n"));
    assert.equal(lab.emulator.acceptedSyncs.length, 1);
  }
  const tokens = ({ emulator }: Lab) => emulator.requests.filter(({ kind }) => kind === "token").length;

  it("takes an IAM user's password from a secret, and records it nowhere", async () => {
    await withLab(engine(), { environment }, async (lab) => {
      const { user, domain } = lab.emulator.account;
      const config = {
        "huaweicloud:userName": user.name,
        "huaweicloud:domainName": domain.name,
        "huaweicloud:password": { secret: user.password },
      };
      await synchronize(lab, config);
      assert.ok(tokens(lab) > 0);
    });
  });

  it("takes the parts of a role from one object, as `pulumi config set --path` writes it", async () => {
    await withLab(engine(), { environment }, async (lab) => {
      const { agency, domain } = lab.emulator.account;
      const { accessKey, secretKey } = lab.emulator;
      const config = {
        "huaweicloud:accessKey": accessKey,
        "huaweicloud:secretKey": { secret: secretKey },
        "huaweicloud:assumeRole": JSON.stringify({ agencyName: agency, domainId: domain.id }),
      };
      await synchronize(lab, config);
      const roles = lab.emulator.requests.filter(({ kind }) => kind === "agency");
      assert.ok(roles.length > 0 && roles.every(({ path }) => path === "/v5/agencies/assume"));
    });
  });

  it("sends nothing when only the credentials have changed", async () => {
    await withLab(engine(), {}, async (lab) => {
      lab.syncs.workers = { args: lab.args };
      assert.equal((await lab.run("up")).ok, true);
      const { user, domain } = lab.emulator.account;
      await lab.stack.setConfig({
        "huaweicloud:userName": user.name,
        "huaweicloud:domainName": domain.name,
        "huaweicloud:password": { secret: user.password },
      });
      const again = await lab.run("up");
      assert.deepEqual([again.ok, again.changes], [true, { same: 2 }]);
      assert.equal(lab.emulator.acceptedSyncs.length, 1);
    });
  });
});
