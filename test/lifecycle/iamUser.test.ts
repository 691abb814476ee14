import assert from "node:assert/strict";
import { outcomeOf, outcomesOfAll } from "../support/lifecycle/outcome.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { hour, useAuthenticationHarness } from "../support/service/authenticationHarness.ts";

const forEver = Number.POSITIVE_INFINITY;

describe("authentication as an IAM user", () => {
  const { open, harness, set, asUser, count, refused, assertSynced, assertNothingShown } =
    useAuthenticationHarness();

  it("asks for a token of the project once, and sends it with every request", async () => {
    await open();
    asUser();
    const outcome = await outcomeOf(harness());
    assertSynced(outcome);
    assertNothingShown(outcome);
    assert.equal(count("token"), 1);
    const rest = harness().emulator.requests.filter(({ kind }) => kind !== "token");
    assert.ok(rest.every(({ headers }) => "x-auth-token" in headers && !("authorization" in headers)));
  });

  it("knows the user by its id alone", async () => {
    await open();
    const { user } = harness().emulator.account;
    set({ HW_USER_ID: user.id, HW_USER_PASSWORD: user.password });
    assertSynced(await outcomeOf(harness()));
  });

  it("takes the id of the project from the token when only its name is known", async () => {
    await open();
    asUser();
    set({ HW_PROJECT_ID: "" });
    assertSynced(await outcomeOf(harness()));
    assert.equal(count("projects"), 0);
  });

  it("has one token for a hundred resources of a project", async () => {
    await open({ pools: 100, nodesPerPool: 1 });
    asUser();
    const outcomes = await outcomesOfAll(harness());
    assert.ok(outcomes.every(({ end }) => end === "synced"));
    assert.equal(count("token"), 1);
  });

  it("renews the token before it ends, in the middle of a wait of hours", async () => {
    await open({ nodesPerPool: 10, resetSeconds: 3600, tokenSeconds: 1800 });
    asUser();
    set({ CCE_NODEPOOL_SYNC_POLL_INTERVAL: "60" });
    assertSynced(await outcomeOf(harness(), { timeout: 24 * hour }));
    assert.ok(count("token") > 5);
    assert.equal(refused(), 0);
  });

  it("renews the token once when it is refused before its time, and goes on watching", async () => {
    await open({ nodesPerPool: 6 });
    asUser();
    const body = { error_code: "APIGW.0301", error_msg: "the token has expired" };
    harness().emulator.addFault({ kind: "nodes", skip: 12, effect: { kind: "answer", status: 401, body } });
    assertSynced(await outcomeOf(harness()));
    assert.equal(count("token"), 2);
  });

  it("sends the sync again with a new token when the old one is refused, and it is accepted once", async () => {
    await open({ pools: 2 });
    asUser();
    const [first, second] = harness().emulator.cluster.pools;
    assert.ok(first !== undefined && second !== undefined);
    assert.equal((await outcomeOf(harness())).end, "synced");
    const body = { error_code: "APIGW.0301", error_msg: "the token has expired" };
    harness().emulator.addFault({ kind: "sync", effect: { kind: "answer", status: 401, body } });
    const inputs = { ...harness().inputs, nodePoolId: second.id };
    assert.equal((await outcomeOf(harness(), { inputs })).end, "synced");
    assert.deepEqual(
      harness().emulator.acceptedSyncs.map(({ poolId }) => poolId),
      [first.id, second.id],
    );
  });

  it("asks once and never again with a password that is refused, whatever the number of resources", async () => {
    await open({ clusters: 50, nodesPerPool: 1 });
    asUser();
    set({ HW_USER_PASSWORD: "canary-of-a-password" });
    const outcomes = await outcomesOfAll(harness());
    for (const { end, message } of outcomes) {
      assert.equal(end, "refused");
      assert.match(
        message,
        /the request to authenticate the IAM user with 401 The username or password is wrong\..*Check the user's name, account \(domain\), password/s,
      );
      assertNoSecret({ message }, ["canary-of-a-password"]);
    }
    assert.equal(harness().emulator.requests.length, 1);
  });

  it("goes on with the token at hand while IAM is silent, until it ends", async () => {
    await open({ nodesPerPool: 4, resetSeconds: 1800, tokenSeconds: 1800 });
    asUser();
    harness().emulator.addFault({ kind: "token", skip: 1, times: 3, effect: { kind: "drop" } });
    assertSynced(await outcomeOf(harness(), { timeout: 24 * hour }));
    assert.equal(refused(), 0);
  });

  for (const [what, effect] of [
    ["does not answer", { kind: "drop" }],
    ["is down", { kind: "answer", status: 503, text: "<html>down</html>" }],
    [
      "gives no token",
      { kind: "answer", status: 201, body: { token: { expires_at: "2026-01-02T03:04:05Z" } } },
    ],
    ["gives one that is none", { kind: "emptyBody" }],
  ] as const) {
    it(`sends nothing while IAM ${what}, and authenticates when it is back`, async () => {
      await open();
      asUser();
      const fault = harness().emulator.addFault({ kind: "token", times: forEver, effect });
      const outcome = await outcomeOf(harness(), { timeout: 5 * 60_000 });
      assert.equal(outcome.end, "refused");
      assert.match(outcome.message, /authentication failed/);
      assertNothingShown(outcome);
      assert.equal(count("token"), harness().emulator.requests.length);
      fault.remove();
      assertSynced(await outcomeOf(harness()));
    });
  }

  it("does not take a silence of IAM when the sync is to be sent for one that may have been accepted", async () => {
    await open({ tokenSeconds: 1200 });
    asUser();
    assert.equal((await outcomeOf(harness())).end, "synced");
    await harness().clock.sleep(hour);
    harness().emulator.addFault({ kind: "token", times: 1, effect: { kind: "drop" } });
    const inputs = { ...harness().inputs, onCreate: "all" as const };
    assert.equal((await outcomeOf(harness(), { inputs })).end, "synced");
    assert.equal(harness().emulator.acceptedSyncs.length, 2);
  });
});
