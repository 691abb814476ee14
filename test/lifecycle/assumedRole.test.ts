import assert from "node:assert/strict";
import { outcomeOf, outcomesOfAll } from "../support/lifecycle/outcome.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { hour, useAuthenticationHarness } from "../support/service/authenticationHarness.ts";

describe("authentication as an agency whose role is assumed", () => {
  const { open, harness, set, asRole, count, refused, assertSynced, assertNothingShown, asUser } =
    useAuthenticationHarness();

  const withKey = () => {
    const { accessKey, secretKey } = harness().emulator;
    set({ HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
  };
  const roleRequests = () => harness().emulator.requests.filter(({ kind }) => kind === "agency");

  it("uses temporary keys of IAM when the account is known by its name", async () => {
    await open();
    withKey();
    asRole();
    assertSynced(await outcomeOf(harness()));
    assert.deepEqual(
      roleRequests().map(({ path }) => path),
      ["/v3.0/OS-CREDENTIAL/securitytokens"],
    );
    const rest = harness().emulator.requests.filter(({ kind }) => kind !== "agency");
    assert.ok(rest.every(({ headers }) => "x-security-token" in headers));
  });

  it("uses those of STS when the account is known by its id", async () => {
    await open();
    withKey();
    asRole({ HW_ASSUME_ROLE_DOMAIN_ID: harness().emulator.account.domain.id });
    assertSynced(await outcomeOf(harness()));
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
      () => ({ HW_ASSUME_ROLE_DOMAIN_ID: harness().emulator.account.domain.id }),
    ],
    ["the server's own keys", () => undefined, () => ({})],
  ] as const) {
    it(`is assumed with ${what}`, async () => {
      await open();
      base();
      asRole(more());
      const outcome = await outcomeOf(harness());
      assertSynced(outcome);
      assertNothingShown(outcome);
      assert.equal(roleRequests().length, 1);
    });
  }

  it("renews the keys of the role before they end, and those that assume it too", async () => {
    await open({ nodesPerPool: 10, resetSeconds: 3600, metadataKeySeconds: 3600 });
    asRole({ HW_ASSUME_ROLE_DURATION: "900" });
    set({ CCE_NODEPOOL_SYNC_POLL_INTERVAL: "60" });
    assertSynced(await outcomeOf(harness(), { timeout: 24 * hour }));
    assert.ok(roleRequests().length > 20);
    assert.ok(count("metadata") > 5);
    assert.equal(refused(), 0);
  });

  for (const domain of ["HW_ASSUME_ROLE_DOMAIN_NAME", "HW_ASSUME_ROLE_DOMAIN_ID"]) {
    it(`says once why it may not be assumed (${domain})`, async () => {
      await open({ pools: 10 });
      withKey();
      asRole({ [domain]: "elsewhere" });
      const outcomes = await outcomesOfAll(harness());
      for (const { end, message } of outcomes) {
        assert.equal(end, "refused");
        assert.match(
          message,
          /the request to assume the agency's role with 403 You are not authorized to assume this agency\..*Check the agency's name and account/s,
        );
      }
      assert.equal(harness().emulator.requests.length, 1);
    });
  }

  it("is not assumed with a key that is refused, and the key is not tried again", async () => {
    await open({ pools: 10 });
    set({
      HW_ACCESS_KEY: harness().emulator.accessKey,
      HW_SECRET_KEY: "canary-of-a-key",
    });
    asRole();
    const outcomes = await outcomesOfAll(harness());
    for (const { end, message } of outcomes) {
      assert.equal(end, "refused");
      assertNoSecret({ message }, ["canary-of-a-key"]);
      assert.match(message, /The credentials come from environment HW_ACCESS_KEY and HW_SECRET_KEY\. /);
    }
    assert.equal(harness().emulator.requests.length, 1);
  });
});
