import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmulatorOptions } from "../../local/cce/index.ts";
import { type Bench, openBench } from "../support/bench.ts";
import { assertNoSecret } from "../support/canaries.ts";
import { type Outcome, outcomeOf } from "../support/outcome.ts";

const forEver = Number.POSITIVE_INFINITY;
const minute = 60_000;
const hour = 60 * minute;

/** No access key, as on a machine where nobody ever put one. */
const noKey = { HW_ACCESS_KEY: "", HW_SECRET_KEY: "" };

describe("signing in with something that is issued for a while", () => {
  let bench: Bench;
  /** What is set beside the emulator's own variables; read anew whenever a resource is worked on. */
  let environment: Record<string, string>;
  const open = async (options?: EmulatorOptions) => {
    environment = { ...noKey };
    bench = await openBench(options, environment);
  };
  afterEach(() => bench.close());

  const count = (kind: string) => bench.emulator.requests.filter((request) => request.kind === kind).length;
  const refused = () =>
    bench.emulator.requests.filter(({ kind, refusal }) => refusal !== undefined && kind !== "metadata")
      .length;
  const asUser = () => {
    const { user, domain } = bench.emulator.account;
    Object.assign(environment, {
      HW_USER_NAME: user.name,
      HW_USER_PASSWORD: user.password,
      HW_DOMAIN_NAME: domain.name,
    });
  };
  const asRole = (more: Record<string, string> = {}) => {
    const { agency, domain } = bench.emulator.account;
    Object.assign(environment, {
      HW_ASSUME_ROLE_AGENCY_NAME: agency,
      HW_ASSUME_ROLE_DOMAIN_NAME: domain.name,
      ...more,
    });
  };
  const assertSynced = ({ end, message }: Outcome) => {
    assert.equal(message, "");
    assert.equal(end, "synced");
    assert.equal(bench.emulator.acceptedSyncs.length, 1);
  };
  const assertNothingShown = ({ message, state }: Outcome) =>
    assertNoSecret({ message, state: JSON.stringify(state ?? ""), told: JSON.stringify(bench.told) }, [
      bench.emulator.account.user.password,
      bench.emulator.secretKey,
    ]);

  describe("as an IAM user", () => {
    it("asks for a token of the project once, and sends it with every request", async () => {
      await open();
      asUser();
      const outcome = await outcomeOf(bench);
      assertSynced(outcome);
      assertNothingShown(outcome);
      assert.equal(count("token"), 1);
      const rest = bench.emulator.requests.filter(({ kind }) => kind !== "token");
      assert.ok(rest.every(({ headers }) => "x-auth-token" in headers && !("authorization" in headers)));
    });

    it("knows the user by its id alone", async () => {
      await open();
      const { user } = bench.emulator.account;
      Object.assign(environment, { HW_USER_ID: user.id, HW_USER_PASSWORD: user.password });
      assertSynced(await outcomeOf(bench));
    });

    it("takes the id of the project from the token when only its name is known", async () => {
      await open();
      asUser();
      environment.HW_PROJECT_ID = "";
      assertSynced(await outcomeOf(bench));
      assert.equal(count("projects"), 0);
    });

    it("has one token for a hundred resources of a project", async () => {
      await open({ pools: 100, nodesPerPool: 1 });
      asUser();
      const outcomes = await Promise.all(
        bench.emulator.cluster.pools.map(({ id }) =>
          outcomeOf(bench, { inputs: { ...bench.inputs, nodePoolId: id } }),
        ),
      );
      assert.ok(outcomes.every(({ end }) => end === "synced"));
      assert.equal(count("token"), 1);
    });

    it("renews the token before it ends, in the middle of a wait of hours", async () => {
      await open({ nodesPerPool: 10, resetSeconds: 3600, tokenSeconds: 1800 });
      asUser();
      assertSynced(await outcomeOf(bench, { timeout: 24 * hour }));
      assert.ok(count("token") > 5);
      assert.equal(refused(), 0);
    });

    it("renews the token once when it is refused before its time, and goes on watching", async () => {
      await open({ nodesPerPool: 6 });
      asUser();
      const body = { error_code: "APIGW.0301", error_msg: "the token has expired" };
      bench.emulator.addFault({ kind: "nodes", skip: 12, effect: { kind: "answer", status: 401, body } });
      assertSynced(await outcomeOf(bench));
      assert.equal(count("token"), 2);
    });

    it("sends the sync again with a new token when the old one is refused, and it is accepted once", async () => {
      await open({ pools: 2 });
      asUser();
      const [first, second] = bench.emulator.cluster.pools;
      assert.ok(first !== undefined && second !== undefined);
      assert.equal((await outcomeOf(bench)).end, "synced");
      const body = { error_code: "APIGW.0301", error_msg: "the token has expired" };
      bench.emulator.addFault({ kind: "sync", effect: { kind: "answer", status: 401, body } });
      const inputs = { ...bench.inputs, nodePoolId: second.id };
      assert.equal((await outcomeOf(bench, { inputs })).end, "synced");
      assert.deepEqual(
        bench.emulator.acceptedSyncs.map(({ poolId }) => poolId),
        [first.id, second.id],
      );
    });

    it("asks once and never again with a password that is refused, whatever the number of resources", async () => {
      await open({ clusters: 50, nodesPerPool: 1 });
      asUser();
      environment.HW_USER_PASSWORD = "canary-of-a-password";
      const outcomes = await Promise.all(
        bench.emulator.clusters.map(({ id, pools }) =>
          outcomeOf(bench, {
            inputs: { ...bench.inputs, clusterId: id, nodePoolId: pools[0]?.id ?? "" },
          }),
        ),
      );
      for (const { end, message } of outcomes) {
        assert.equal(end, "refused");
        assert.match(
          message,
          /the request to sign the IAM user in with 401 The username or password is wrong\..*Check the user's name, account \(domain\) and password/s,
        );
        assertNoSecret({ message }, ["canary-of-a-password"]);
      }
      assert.equal(bench.emulator.requests.length, 1);
    });

    it("goes on with the token at hand while IAM is silent, until it ends", async () => {
      await open({ nodesPerPool: 4, resetSeconds: 1800, tokenSeconds: 1800 });
      asUser();
      bench.emulator.addFault({ kind: "token", skip: 1, times: 3, effect: { kind: "drop" } });
      assertSynced(await outcomeOf(bench, { timeout: 24 * hour }));
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
      it(`sends nothing while IAM ${what}, and signs in when it is back`, async () => {
        await open();
        asUser();
        const fault = bench.emulator.addFault({ kind: "token", times: forEver, effect });
        const outcome = await outcomeOf(bench, { timeout: 5 * minute });
        assert.equal(outcome.end, "refused");
        assert.match(outcome.message, /nobody could be signed in/);
        assertNothingShown(outcome);
        assert.equal(count("token"), bench.emulator.requests.length);
        fault.remove();
        assertSynced(await outcomeOf(bench));
      });
    }

    it("does not take a silence of IAM when the sync is to be sent for one that may have been accepted", async () => {
      await open({ tokenSeconds: 1200 });
      asUser();
      assert.equal((await outcomeOf(bench)).end, "synced");
      await bench.clock.sleep(hour);
      bench.emulator.addFault({ kind: "token", times: 1, effect: { kind: "drop" } });
      assert.equal((await outcomeOf(bench)).end, "synced");
      assert.equal(bench.emulator.acceptedSyncs.length, 2);
    });
  });

  describe("as the server that it runs on", () => {
    for (const metadata of ["open", "hardened"] as const) {
      it(`uses the keys of the metadata service (${metadata})`, async () => {
        await open({ metadata });
        const outcome = await outcomeOf(bench);
        assertSynced(outcome);
        const signed = bench.emulator.requests.filter(({ kind }) => kind !== "metadata");
        assert.ok(signed.every(({ headers }) => "x-security-token" in headers));
        assert.equal(count("metadata"), 2);
      });
    }

    it("looks the project up with these keys", async () => {
      await open();
      environment.HW_PROJECT_ID = "";
      assertSynced(await outcomeOf(bench));
      assert.equal(count("projects"), 1);
    });

    for (const metadata of ["open", "hardened"] as const) {
      it(`renews the keys before they end, in the middle of a wait of hours (${metadata})`, async () => {
        await open({ metadata, nodesPerPool: 10, resetSeconds: 3600, metadataKeySeconds: 1800 });
        assertSynced(await outcomeOf(bench, { timeout: 24 * hour }));
        assert.ok(count("metadata") > 10);
        assert.equal(refused(), 0);
      });
    }

    it("renews keys that are refused before their time, and locks none", async () => {
      await open({ nodesPerPool: 6 });
      const body = { error_code: "APIGW.0301", error_msg: "the temporary access key has expired" };
      bench.emulator.addFault({ kind: "nodes", skip: 12, effect: { kind: "answer", status: 401, body } });
      assertSynced(await outcomeOf(bench));
      assert.equal(count("metadata"), 4);
    });

    it("does not renew keys because of a clock that is off", async () => {
      await open({ nodesPerPool: 6 });
      const body = { error_code: "APIGW.0303", error_msg: "x-sdk-date" };
      bench.emulator.addFault({ kind: "nodes", skip: 12, effect: { kind: "answer", status: 401, body } });
      const { end, message } = await outcomeOf(bench);
      assert.equal(end, "inProgress");
      assert.match(message, /APIGW\.0303 .*Set this machine's clock/);
      assert.equal(count("metadata"), 2);
    });

    it("names every place that was looked at when there is no such service", async () => {
      await open({ metadata: "off", pools: 20 });
      const outcomes = await Promise.all(
        bench.emulator.cluster.pools.map(({ id }) =>
          outcomeOf(bench, { inputs: { ...bench.inputs, nodePoolId: id } }),
        ),
      );
      for (const { end, message } of outcomes) {
        assert.equal(end, "refused");
        assert.match(
          message,
          /nothing was sent:\n- credentials: not found; looked at:\n {2}- Pulumi config: none of .* is set\n {2}- environment: none of .* is set\n {2}- metadata service at http:\/\/127\.0\.0\.1:\d+: .* 404 Not Found .* \(a server has keys only when it was given an agency\)/,
        );
      }
      assert.equal(count("metadata"), 2);
      assert.equal(bench.emulator.requests.length, 2);
    });

    it("names the address of a metadata service that cannot be reached", async () => {
      await open();
      environment.HW_ENDPOINTS = JSON.stringify({ cce: bench.emulator.url, metadata: "http://127.0.0.1:9" });
      const { end, message } = await outcomeOf(bench);
      assert.equal(end, "refused");
      assert.match(
        message,
        /metadata service at http:\/\/127\.0\.0\.1:9: .* cannot be reached \(ECONNREFUSED\)/,
      );
      assert.equal(bench.emulator.requests.length, 0);
    });

    it("asks for a profile that says so, and never through a proxy", async () => {
      await open();
      const folder = mkdtempSync(join(tmpdir(), "profile-"));
      const path = join(folder, "config.json");
      writeFileSync(path, JSON.stringify({ current: "a", profiles: [{ name: "a", mode: "ecsAgency" }] }));
      Object.assign(environment, { HW_SHARED_CONFIG_FILE: path, HTTPS_PROXY: "http://127.0.0.1:9" });
      try {
        assertSynced(await outcomeOf(bench));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe("as an agency whose role is assumed", () => {
    const withKey = () => {
      const { accessKey, secretKey } = bench.emulator;
      Object.assign(environment, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
    };
    const roleRequests = () => bench.emulator.requests.filter(({ kind }) => kind === "agency");

    it("uses temporary keys of IAM when the account is known by its name", async () => {
      await open();
      withKey();
      asRole();
      assertSynced(await outcomeOf(bench));
      assert.deepEqual(
        roleRequests().map(({ path }) => path),
        ["/v3.0/OS-CREDENTIAL/securitytokens"],
      );
      const rest = bench.emulator.requests.filter(({ kind }) => kind !== "agency");
      assert.ok(rest.every(({ headers }) => "x-security-token" in headers));
    });

    it("uses those of STS when the account is known by its id", async () => {
      await open();
      withKey();
      asRole({ HW_ASSUME_ROLE_DOMAIN_ID: bench.emulator.account.domain.id });
      assertSynced(await outcomeOf(bench));
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
        () => ({ HW_ASSUME_ROLE_DOMAIN_ID: bench.emulator.account.domain.id }),
      ],
      ["the server's own keys", () => undefined, () => ({})],
    ] as const) {
      it(`is assumed with ${what}`, async () => {
        await open();
        base();
        asRole(more());
        const outcome = await outcomeOf(bench);
        assertSynced(outcome);
        assertNothingShown(outcome);
        assert.equal(roleRequests().length, 1);
      });
    }

    it("renews the keys of the role before they end, and those that assume it too", async () => {
      await open({ nodesPerPool: 10, resetSeconds: 3600, metadataKeySeconds: 3600 });
      asRole({ HW_ASSUME_ROLE_DURATION: "900" });
      assertSynced(await outcomeOf(bench, { timeout: 24 * hour }));
      assert.ok(roleRequests().length > 20);
      assert.ok(count("metadata") > 5);
      assert.equal(refused(), 0);
    });

    for (const domain of ["HW_ASSUME_ROLE_DOMAIN_NAME", "HW_ASSUME_ROLE_DOMAIN_ID"]) {
      it(`is told once why it may not be assumed (${domain})`, async () => {
        await open({ pools: 10 });
        withKey();
        asRole({ [domain]: "elsewhere" });
        const outcomes = await Promise.all(
          bench.emulator.cluster.pools.map(({ id }) =>
            outcomeOf(bench, { inputs: { ...bench.inputs, nodePoolId: id } }),
          ),
        );
        for (const { end, message } of outcomes) {
          assert.equal(end, "refused");
          assert.match(
            message,
            /the request to assume the agency's role with 403 You are not authorized to assume this agency\..*Check the agency's name and account/s,
          );
        }
        assert.equal(bench.emulator.requests.length, 1);
      });
    }

    it("is not assumed with a key that is refused, and the key is not tried again", async () => {
      await open({ pools: 10 });
      Object.assign(environment, {
        HW_ACCESS_KEY: bench.emulator.accessKey,
        HW_SECRET_KEY: "canary-of-a-key",
      });
      asRole();
      const outcomes = await Promise.all(
        bench.emulator.cluster.pools.map(({ id }) =>
          outcomeOf(bench, { inputs: { ...bench.inputs, nodePoolId: id } }),
        ),
      );
      for (const { end, message } of outcomes) {
        assert.equal(end, "refused");
        assertNoSecret({ message }, ["canary-of-a-key"]);
      }
      assert.equal(bench.emulator.requests.length, 1);
    });
  });

  describe("in several regions of one stack", () => {
    it("sends each resource to its own region's project, with one key", async () => {
      await open();
      const other = await openBench({ region: "emulated-2" });
      try {
        const { accessKey, secretKey } = bench.emulator;
        Object.assign(environment, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
        const here = await outcomeOf(bench);
        assert.equal(here.end, "synced");
        // The other region is one that this account has no project in: the configured project is not taken for it.
        const inputs = { ...bench.inputs, region: "emulated-2" };
        const { end, message } = await outcomeOf(bench, { inputs });
        assert.equal(end, "refused");
        assert.match(message, /no project is named emulated-2/);
      } finally {
        await other.close();
      }
    });

    it("looks each region's project up once, and keeps tokens of projects apart", async () => {
      const second = { id: "b".repeat(32), name: "emulated-2" };
      await open({ pools: 4, nodesPerPool: 1, otherProjects: [second] });
      asUser();
      environment.HW_PROJECT_ID = "";
      const [a, b, c, d] = bench.emulator.cluster.pools.map(({ id }) => id);
      const outcomes = await Promise.all([
        outcomeOf(bench, { inputs: { ...bench.inputs, nodePoolId: a ?? "" } }),
        outcomeOf(bench, { inputs: { ...bench.inputs, nodePoolId: b ?? "", region: "emulated-1" } }),
        outcomeOf(bench, { inputs: { ...bench.inputs, nodePoolId: c ?? "", region: "emulated-2" } }),
        outcomeOf(bench, { inputs: { ...bench.inputs, nodePoolId: d ?? "", region: "emulated-2" } }),
      ]);
      assert.deepEqual(
        outcomes.map(({ end }) => end),
        ["synced", "synced", "refused", "refused"],
      );
      // The emulated cluster is in the first project, so that the second one's path leads nowhere.
      const projects = bench.emulator.requests
        .filter(({ kind }) => kind === "pools")
        .map(({ path }) => path.split("/")[4]);
      assert.deepEqual([...new Set(projects)].sort(), [second.id, bench.emulator.projectId].sort());
      assert.equal(count("token"), 2);
    });
  });
});
