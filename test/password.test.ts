import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { verify } from "unixcrypt";
import { isSalted, passwordFaults, salt } from "../provider/nodePoolSync/password.ts";

const crypt = (salted: string) => Buffer.from(salted, "base64").toString("latin1");

describe("a password", () => {
  it("is salted as SHA-512 crypt with a 16-character salt, in Base64", () => {
    const salted = salt("Passw0rd!");
    assert.match(crypt(salted), /^\$6\$[0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
    assert.ok(verify("Passw0rd!", crypt(salted)));
  });

  it("is salted afresh each time", () => {
    assert.notEqual(salt("Passw0rd!"), salt("Passw0rd!"));
  });

  it("is salted just as openssl does it, where openssl is there", function () {
    const salted = crypt(salt("Grün-und_Blau7"));
    const [, , characters = ""] = salted.split("$");
    try {
      const theirs = execFileSync("openssl", ["passwd", "-6", "-salt", characters, "-stdin"], {
        input: "Grün-und_Blau7\n",
      });
      assert.equal(salted, theirs.toString().trim());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      this.skip();
    }
  });

  it("passes through when it is salted already", () => {
    const salted = salt("Passw0rd!");
    assert.equal(salt(salted), salted);
    assert.deepEqual(passwordFaults(salted, "root"), []);
  });

  for (const plain of ["Passw0rd", "Abcdefg1", "JDYkYWJj"]) {
    it(`is plain although it is valid Base64: ${plain}`, () => {
      assert.equal(isSalted(plain), false);
      assert.notEqual(salt(plain), plain);
    });
  }

  for (const [password, username, faults] of [
    ["Abc-1234", "root", 0],
    ["abcdEFGH~", "root", 0],
    ["Abc-123", "root", 1],
    [`Ab1-${"x".repeat(23)}`, "root", 1],
    ["abcdefgh1", "root", 1],
    ["Abc-root-1", "root", 1],
    ["Abc-toor-1", "root", 1],
    ["abc", "root", 2],
    ["Abc-1234", "", 0],
  ] as const) {
    it(`${faults === 0 ? "is accepted" : `has ${faults} fault(s)`}: ${password} for user "${username}"`, () => {
      assert.equal(passwordFaults(password, username).length, faults);
    });
  }
});
