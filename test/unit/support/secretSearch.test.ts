import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { descendantsOf, hasEnded, launchOf } from "../../support/programs/processes.ts";
import { assertNoSecret, secretsIn, withoutSecrets } from "../../support/secretSearch.ts";

const canary = 'Canary-7 "§>?>?~';
const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = Buffer.from(canary).toString("hex");
const crypt = `$6$Salt4711$${"x".repeat(86)}`;

const forms: Record<string, string> = {
  "as it is": canary,
  "in a JSON string": JSON.stringify(canary),
  "in a JSON string within a JSON string": JSON.stringify(JSON.stringify(canary)),
  "URL-encoded": encodeURIComponent(canary),
  "percent-encoded to the last byte": hex.replace(/../g, "%$&"),
  "in hexadecimal digits": hex,
  "in capital hexadecimal digits": hex.toUpperCase(),
  "in Base64": base64(canary),
  "in Base64 of the URL's kind": Buffer.from(canary).toString("base64url"),
  "in the middle of a text in Base64, one byte off": base64(`Bearer:${canary} and more`),
  "in the middle of a text in Base64, two bytes off": base64(`Bearers:${canary} and more`),
  "in the middle of a text in Base64, in step": base64(`Bearer: :${canary}`),
};

describe("the search for secrets", () => {
  for (const [form, text] of Object.entries(forms)) {
    it(`finds one ${form}`, () => {
      assert.throws(
        () => assertNoSecret({ "the note": `see: ${text}.` }, [canary]),
        /a secret is in the note/,
      );
    });
  }

  for (const [form, text] of Object.entries({ "as it is": crypt, "in Base64": base64(crypt) })) {
    it(`finds a salted password ${form}, whatever its salt`, () => {
      assert.throws(() => assertNoSecret({ "the note": `see: ${text}.` }, []), /a salted password is in/);
    });
  }

  it("finds nothing where nothing is, not even in a ciphertext that begins like a salted password", () => {
    const texts = { note: "Canary-8", ciphertext: `JDYk${"A".repeat(60)}`, empty: "" };
    assertNoSecret(texts, [canary]);
  });

  it("refuses to search for what is too short to be distinguished from other text", () => {
    assert.throws(() => assertNoSecret({ note: "" }, ["wrong"]), /5 characters cannot be searched for/);
  });

  it("says where a secret is, and never the secret", () => {
    assert.throws(
      () => assertNoSecret({ "the note": canary }, [canary]),
      (error: Error) => !JSON.stringify([error, error.message, error.stack]).includes("Canary-7"),
    );
  });

  it("takes what inputs and variables hold under the name of a secret for one", () => {
    const holder = { HW_SECRET_KEY: "a1", HW_AUTH_TOKEN: "", login: [{ userPassword: { password: "b2" } }] };
    assert.deepEqual(secretsIn(holder), ["a1", "b2"]);
    assert.equal(/a1|b2/.test(JSON.stringify(withoutSecrets(holder))), false);
  });
});

describe("a process that runs", () => {
  before(function () {
    if (process.platform !== "linux") this.skip();
  });

  it("is seen with its arguments and its environment, and no longer once it has ended", async () => {
    const code = "setInterval(() => {}, 1000); console.log()";
    const child = spawn(process.execPath, ["-e", code, canary], { env: { NOTE: canary } });
    await once(child.stdout, "data");
    const pid = child.pid ?? 0;
    assert.ok(descendantsOf(process.pid).includes(pid));
    const launch = launchOf(pid);
    assert.ok(launch?.command.endsWith(canary));
    assert.equal(launch?.environment.NOTE, canary);
    assert.equal(hasEnded(pid), false);
    child.kill();
    await once(child, "exit");
    assert.equal(hasEnded(pid), true);
    assert.equal(launchOf(pid), undefined);
  });
});
