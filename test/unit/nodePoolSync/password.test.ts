import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { scryptSync } from "node:crypto";
import { verify } from "unixcrypt";
import {
  digestPassword,
  isSalted,
  normalizePassword,
  passwordFaults,
  salt,
} from "../../../provider/nodePoolSync/inputs/password.ts";

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
    ["Abc-1234\n", "root", 1],
  ] as const) {
    it(`${faults === 0 ? "is accepted" : `has ${faults} fault(s)`}: ${password} for user "${username}"`, () => {
      assert.equal(passwordFaults(password, username).length, faults);
    });
  }
});

describe("the digest of a password", () => {
  it("is that of the same password again, and of no other", () => {
    const digest = digestPassword("Passw0rd!");
    assert.equal(digestPassword("Passw0rd!"), digest);
    assert.equal(digestPassword("Passw0rd!", digest), digest);
    assert.notEqual(digestPassword("Passw0rd?", digest), digest);
  });

  it("has the salt of an earlier one, so that it can be compared with it", () => {
    const earlier = `scrypt$${Buffer.alloc(16, 1).toString("base64url")}$x`;
    const digest = digestPassword("Passw0rd!", earlier);
    assert.ok(digest.startsWith(earlier.slice(0, -1)));
    assert.equal(digestPassword("Passw0rd!", digest), digest);
    assert.notEqual(digest, digestPassword("Passw0rd!"));
  });

  it("is scrypt with the documented cost", () => {
    const [, salted = "", hash] = digestPassword("Passw0rd!").split("$");
    const expected = scryptSync("Passw0rd!", salted, 32, { N: 16_384, r: 8, p: 1 });
    assert.equal(hash, expected.toString("base64url"));
  });

  it("is one of the text for a salted password, in whichever spelling", () => {
    const salted = salt("Passw0rd!");
    const digest = digestPassword(salted);
    assert.match(digest, /^text\$[0-9a-f]{64}$/);
    assert.equal(digestPassword(`${crypt(salted)}\n`, digest), digest);
    assert.notEqual(digestPassword(salt("Passw0rd!"), digest), digest);
  });

  it("holds nothing of the password", () => {
    const digest = digestPassword("Passw0rd!");
    for (const text of ["Passw0rd!", Buffer.from("Passw0rd!").toString("base64").slice(0, 8)]) {
      assert.ok(!digest.includes(text));
    }
  });
});

describe("the spelling of a password", () => {
  it("stays as it is when it is plain", () => {
    for (const plain of ["Passw0rd!", " Passw0rd! ", "JDYkYWJj", "$6$aB3defgh", "a".repeat(200)]) {
      assert.equal(normalizePassword(plain), plain);
    }
  });
});
