import assert from "node:assert/strict";
import { findCli } from "../../tools/engine/index.ts";
import type { StackConfig } from "../../tools/engine/types.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { withStackHarness } from "../support/programs/stackHarness.ts";

// Every harness searches all that is left behind for its passwords; here is what makes them go everywhere.
const password = "Canary-7-plain";
const newPassword = "Canary-8-other";

const template = (secret: string) => ({
  lifeCycle: { postInstall: "ZWNobyAx" },
  login: { userPassword: { password: secret } },
});

const userPasswordIn = (properties: Record<string, unknown> = {}) =>
  (properties.nodeTemplate as { login: { userPassword: Record<string, unknown> } }).login.userPassword;

onEveryEngine("the password", (engine) => {
  for (const shape of [
    "plain",
    "output",
    "promise",
    "secret",
    "config",
    "wholeOutput",
    "wholePromise",
    "loginOutput",
  ]) {
    it(`is a secret among the inputs, and no output at all, when the program gives it as: ${shape}`, () =>
      withStackHarness(
        engine(),
        { stack: { config: { password: { secret: password } } } },
        async (harness) => {
          harness.syncs.a = { shape, args: { ...harness.args, nodeTemplate: template(password) } };
          assert.equal((await harness.run("preview")).ok, true);
          assert.equal((await harness.run("up")).ok, true);
          const { inputs, outputs } = (await harness.resource("a")) ?? {};
          const { password: leaf, username } = userPasswordIn(inputs);
          assert.match(JSON.stringify(leaf), /"ciphertext"/);
          assert.equal(username, "root");
          assert.deepEqual(userPasswordIn(outputs), { username: "root" });
          const shown = await harness.resource("a", true);
          assert.match(JSON.stringify(shown?.inputs), new RegExp(password), "those who may see it find it");
          assert.doesNotMatch(JSON.stringify(shown?.outputs), new RegExp(password));
        },
      ));
  }

  it("shows as a change without its value, and causes one sync", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: { ...harness.args, nodeTemplate: template(password) } };
      assert.equal((await harness.run("up")).ok, true);
      harness.syncs.a.args.nodeTemplate = template(newPassword);
      const result = await harness.run("up");
      assert.deepEqual(
        result.steps.filter(({ name }) => name === "a").map(({ op }) => op),
        ["update"],
      );
      assert.equal(harness.emulator.acceptedSyncs.length, 2);
    }));

  it("is in no text when it is refused, nor when the sync fails", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = {
        args: { ...harness.args, maxUnavailable: 0, nodeTemplate: template("canarypassword") },
      };
      const refused = await harness.run("up");
      assert.equal(refused.ok, false);
      assert.match(
        refused.text,
        /nodeTemplate\.login\.userPassword\.password: must contain at least three of/,
      );
      assert.match(refused.text, /maxUnavailable: must be an integer from 1 to 20/);
      assert.equal(harness.emulator.requests.length, 0);

      harness.syncs.a.args = { ...harness.args, nodeTemplate: template(password) };
      const [node] = harness.emulator.cluster.pools[0]?.nodes ?? [];
      harness.emulator.cluster.failNode(node?.id ?? "", {
        reason: `could not log in with ${password}`,
        times: 1,
      });
      const failed = await harness.run("up");
      assert.equal(failed.ok, false);
      assert.match(failed.text, /could not log in with \[secret\]/);
    }));

  it("is in no text when the service sends back what it was sent, nor is a credential", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: { ...harness.args, nodeTemplate: template(password) } };
      const { secretKey } = harness.emulator;
      const salted = Buffer.from(`$6$abcdefgh$${"x".repeat(86)}`).toString("base64");
      const echoes = [password, secretKey].flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString("base64"),
        Buffer.from(secret).toString("base64url"),
      ]);
      const sentBack = [...echoes, salted].join(" ");
      const error = { error_code: "CCE.01400001", error_msg: `Invalid request: ${sentBack}` };
      for (const effect of [
        { kind: "answer", status: 400, body: error },
        { kind: "answer", status: 400, body: { errorCode: "CCE.01400001", errorMessage: error.error_msg } },
        { kind: "answer", status: 403, text: sentBack },
        { kind: "answer", status: 403, text: `<html><body>${sentBack}</body></html>` },
      ] as const) {
        const fault = harness.emulator.addFault({ kind: "sync", effect });
        const { ok, text } = await harness.run("up");
        assert.equal(ok, false);
        assert.equal(fault.hits, 1, text);
      }
      assert.ok(harness.lines.some((line) => line.includes("Invalid request: [secret]")));
    }));
});

describe("the debug messages of a Pulumi CLI", () => {
  for (const [what, shape, verbs] of [
    ["the password in an update", "secret", ["up"]],
    ["a password of the stack's configuration, in a preview either", "config", ["preview", "up"]],
  ] as const)
    it(`do not show ${what} (skipped where there is no CLI)`, async function () {
      const cli = await findCli();
      if (cli === undefined) return this.skip();
      // The CLI masks whatever is a secret of the configuration, wherever it comes from.
      const config: StackConfig = shape === "config" ? { password: { secret: password } } : {};
      await withStackHarness(cli, { stack: { config } }, async (harness) => {
        harness.syncs.a = { shape, args: { ...harness.args, nodeTemplate: template(password) } };
        await harness.apply();
        for (const verb of verbs) {
          const { ok, text } = await harness.stack[verb]({ debug: true }).result;
          assert.ok(ok, text);
          assert.match(text, /RegisterResource RPC finished: .*NodePoolSync::a/);
        }
      });
    });
});
