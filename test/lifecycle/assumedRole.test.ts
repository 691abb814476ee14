import assert from "node:assert/strict";
import { assertNoSecret } from "../support/canaries.ts";
import { outcomeOf, outcomesOfAll } from "../support/outcome.ts";
import { hour, useSignInScene } from "../support/signInScene.ts";

describe("signing in as an agency whose role is assumed", () => {
  const { open, bench, set, asRole, count, refused, assertSynced, assertNothingShown, asUser } =
    useSignInScene();

  const withKey = () => {
    const { accessKey, secretKey } = bench().emulator;
    set({ HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
  };
  const roleRequests = () => bench().emulator.requests.filter(({ kind }) => kind === "agency");

  it("uses temporary keys of IAM when the account is known by its name", async () => {
    await open();
    withKey();
    asRole();
    assertSynced(await outcomeOf(bench()));
    assert.deepEqual(
      roleRequests().map(({ path }) => path),
      ["/v3.0/OS-CREDENTIAL/securitytokens"],
    );
    const rest = bench().emulator.requests.filter(({ kind }) => kind !== "agency");
    assert.ok(rest.every(({ headers }) => "x-security-token" in headers));
  });

  it("uses those of STS when the account is known by its id", async () => {
    await open();
    withKey();
    asRole({ HW_ASSUME_ROLE_DOMAIN_ID: bench().emulator.account.domain.id });
    assertSynced(await outcomeOf(bench()));
    assert.deepEqual(
      roleRequests().map(({ path }) => path),
      ["/v5/agencies/assume"],
    );
  });

  for (const [what, base, more] of [
    ["a user's password", asUser, () => ({})],
    [
      "a user's password, by the account's id",
      asUser,
      () => ({ HW_ASSUME_ROLE_DOMAIN_ID: bench().emulator.account.domain.id }),
    ],
    ["the server's own keys", () => undefined, () => ({})],
  ] as const) {
    it(`is assumed with ${what}`, async () => {
      await open();
      base();
      asRole(more());
      const outcome = await outcomeOf(bench());
      assertSynced(outcome);
      assertNothingShown(outcome);
      assert.equal(roleRequests().length, 1);
    });
  }

  it("renews the keys of the role before they end, and those that assume it too", async () => {
    await open({ nodesPerPool: 10, resetSeconds: 3600, metadataKeySeconds: 3600 });
    asRole({ HW_ASSUME_ROLE_DURATION: "900" });
    assertSynced(await outcomeOf(bench(), { timeout: 24 * hour }));
    assert.ok(roleRequests().length > 20);
    assert.ok(count("metadata") > 5);
    assert.equal(refused(), 0);
  });

  for (const domain of ["HW_ASSUME_ROLE_DOMAIN_NAME", "HW_ASSUME_ROLE_DOMAIN_ID"]) {
    it(`is told once why it may not be assumed (${domain})`, async () => {
      await open({ pools: 10 });
      withKey();
      asRole({ [domain]: "elsewhere" });
      const outcomes = await outcomesOfAll(bench());
      for (const { end, message } of outcomes) {
        assert.equal(end, "refused");
        assert.match(
          message,
          /the request to assume the agency's role with 403 You are not authorized to assume this agency\..*Check the agency's name and account/s,
        );
      }
      assert.equal(bench().emulator.requests.length, 1);
    });
  }

  it("is not assumed with a key that is refused, and the key is not tried again", async () => {
    await open({ pools: 10 });
    set({
      HW_ACCESS_KEY: bench().emulator.accessKey,
      HW_SECRET_KEY: "canary-of-a-key",
    });
    asRole();
    const outcomes = await outcomesOfAll(bench());
    for (const { end, message } of outcomes) {
      assert.equal(end, "refused");
      assertNoSecret({ message }, ["canary-of-a-key"]);
    }
    assert.equal(bench().emulator.requests.length, 1);
  });
});
