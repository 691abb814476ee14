import assert from "node:assert/strict";
import { onEveryEngine } from "../engine/support.ts";
import { withLab } from "../support/lab.ts";

// Every lab searches all that is left behind for its passwords; here is what makes them go everywhere.
const password = "Canary-7-plain";
const newPassword = "Canary-8-other";

const template = (secret: string) => ({
  lifeCycle: { postInstall: "ZWNobyAx" },
  login: { userPassword: { password: secret } },
});

/** The leaf and its neighbours in an exported state whose secrets are hidden. */
function passwordPlaces(properties: Record<string, unknown> | undefined) {
  const nodeTemplate = properties?.nodeTemplate as { login: { userPassword: Record<string, unknown> } };
  const { password: leaf, username } = nodeTemplate.login.userPassword;
  return { secret: JSON.stringify(leaf).includes("ciphertext"), username };
}

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
    it(`is a secret, and nothing else is, when the program gives it as: ${shape}`, () =>
      withLab(engine(), { stack: { config: { password: { secret: password } } } }, async (lab) => {
        lab.syncs.a = { shape, args: { ...lab.args, nodeTemplate: template(password) } };
        assert.equal((await lab.run("preview")).ok, true);
        assert.equal((await lab.run("up")).ok, true);
        const resource = await lab.resource("a");
        for (const properties of [resource?.inputs, resource?.outputs]) {
          assert.deepEqual(passwordPlaces(properties), { secret: true, username: "root" });
        }
        const shown = JSON.stringify(await lab.resource("a", true));
        assert.ok(shown.includes(password), "those who may see it find it");
      }));
  }

  it("shows as a change without its value, and causes one sync", () =>
    withLab(engine(), {}, async (lab) => {
      lab.syncs.a = { args: { ...lab.args, nodeTemplate: template(password) } };
      assert.equal((await lab.run("up")).ok, true);
      lab.syncs.a.args.nodeTemplate = template(newPassword);
      const result = await lab.run("up");
      assert.deepEqual(
        result.steps.filter(({ name }) => name === "a").map(({ op }) => op),
        ["update"],
      );
      assert.equal(lab.emulator.acceptedSyncs.length, 2);
    }));

  it("is in no text when it is refused, nor when the sync fails", () =>
    withLab(engine(), {}, async (lab) => {
      lab.syncs.a = { args: { ...lab.args, maxUnavailable: 0, nodeTemplate: template("canarypassword") } };
      const refused = await lab.run("up");
      assert.equal(refused.ok, false);
      assert.match(refused.text, /nodeTemplate\.login\.userPassword\.password: must hold at least three of/);
      assert.match(refused.text, /maxUnavailable: must be an integer from 1 to 20/);
      assert.equal(lab.emulator.requests.length, 0);

      lab.syncs.a.args = { ...lab.args, nodeTemplate: template(password) };
      const [node] = lab.emulator.cluster.pools[0]?.nodes ?? [];
      lab.emulator.cluster.failNode(node?.id ?? "", {
        reason: `could not log in with ${password}`,
        times: 1,
      });
      const failed = await lab.run("up");
      assert.equal(failed.ok, false);
      assert.match(failed.text, /could not log in with \[secret\]/);
    }));

  it("is in no text when the service sends back what it was sent, nor is a credential", () =>
    withLab(engine(), {}, async (lab) => {
      lab.syncs.a = { args: { ...lab.args, nodeTemplate: template(password) } };
      const { secretKey } = lab.emulator;
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
        const fault = lab.emulator.addFault({ kind: "sync", effect });
        const { ok, text } = await lab.run("up");
        assert.equal(ok, false);
        assert.equal(fault.hits, 1, text);
      }
      assert.ok(lab.lines.some((line) => line.includes("Invalid request: [secret]")));
    }));
});
