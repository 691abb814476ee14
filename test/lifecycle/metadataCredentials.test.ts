import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { outcomeOf, outcomesOfAll } from "../support/lifecycle/outcome.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { hour, useAuthenticationHarness } from "../support/service/authenticationHarness.ts";

describe("authentication as the server that it runs on", () => {
  const { open, harness, set, count, refused, assertSynced } = useAuthenticationHarness();

  for (const metadata of ["open", "hardened"] as const) {
    it(`uses the keys of the metadata service (${metadata})`, async () => {
      await open({ metadata });
      const outcome = await outcomeOf(harness());
      assertSynced(outcome);
      const signed = harness().emulator.requests.filter(({ kind }) => kind !== "metadata");
      assert.ok(signed.every(({ headers }) => "x-security-token" in headers));
      assert.equal(count("metadata"), 2);
    });
  }

  it("looks the project up with these keys", async () => {
    await open();
    set({ HW_PROJECT_ID: "" });
    assertSynced(await outcomeOf(harness()));
    assert.equal(count("projects"), 1);
  });

  for (const metadata of ["open", "hardened"] as const) {
    it(`renews the keys before they end, in the middle of a wait of hours (${metadata})`, async () => {
      await open({ metadata, nodesPerPool: 10, resetSeconds: 3600, metadataKeySeconds: 1800 });
      set({ CCE_NODEPOOL_SYNC_POLL_INTERVAL: "60" });
      assertSynced(await outcomeOf(harness(), { timeout: 24 * hour }));
      assert.ok(count("metadata") > 10);
      assert.equal(refused(), 0);
    });
  }

  it("renews keys that are refused before their time, and locks none", async () => {
    await open({ nodesPerPool: 6 });
    const body = { error_code: "APIGW.0301", error_msg: "the temporary access key has expired" };
    harness().emulator.addFault({ kind: "nodes", skip: 12, effect: { kind: "answer", status: 401, body } });
    assertSynced(await outcomeOf(harness()));
    assert.equal(count("metadata"), 4);
  });

  it("does not renew keys because of a clock that is off", async () => {
    await open({ nodesPerPool: 6 });
    const body = { error_code: "APIGW.0303", error_msg: "x-sdk-date" };
    harness().emulator.addFault({ kind: "nodes", skip: 12, effect: { kind: "answer", status: 401, body } });
    const { end, message } = await outcomeOf(harness());
    assert.equal(end, "inProgress");
    assert.match(message, /APIGW\.0303 .*Set this machine's clock/);
    assert.equal(count("metadata"), 2);
  });

  it("names every place that was looked at when there is no such service", async () => {
    await open({ metadata: "off", pools: 20 });
    const outcomes = await outcomesOfAll(harness());
    for (const { end, message } of outcomes) {
      assert.equal(end, "refused");
      assert.match(
        message,
        /nothing was sent:\n- credentials: not found \(neither the Pulumi config nor the environment has any; metadata service at http:\/\/127\.0\.0\.1:\d+: .* 404 Not Found .* \(a server has keys only if an agency is assigned to it\)\)\. Set HW_ACCESS_KEY/,
      );
    }
    assert.equal(count("metadata"), 2);
    assert.equal(harness().emulator.requests.length, 2);
  });

  it("names the address of a metadata service that cannot be reached", async () => {
    await open();
    set({ HW_ENDPOINTS: JSON.stringify({ cce: harness().emulator.url, metadata: "http://127.0.0.1:9" }) });
    const { end, message } = await outcomeOf(harness());
    assert.equal(end, "refused");
    assert.match(
      message,
      /metadata service at http:\/\/127\.0\.0\.1:9: .* cannot be reached \(ECONNREFUSED\)/,
    );
    assert.equal(harness().emulator.requests.length, 0);
  });

  it("asks for a profile that says so, and never through a proxy", async () => {
    await open();
    await withFolder(async (folder) => {
      const path = join(folder, "config.json");
      await writeFile(path, JSON.stringify({ current: "a", profiles: [{ name: "a", mode: "ecsAgency" }] }));
      set({ HW_SHARED_CONFIG_FILE: path, HTTPS_PROXY: "http://127.0.0.1:9" });
      assertSynced(await outcomeOf(harness()));
    });
  });
});
