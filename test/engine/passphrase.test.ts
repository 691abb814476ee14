import assert from "node:assert/strict";
import { newCrypter, openCrypter } from "../../tools/engine/passphrase.ts";

// Made by a Pulumi CLI v3.270.0: `pulumi stack init`, then `pulumi config set --secret pw SEKRET-1`.
const CLI = {
  passphrase: "x",
  salt: "v1:3ldzvkJwm9g=:v1:I/qg2tqvuQqaK/x+:kuExpr88wvLTZ/0uHcQm9Fi296+ekQ==",
  secure: "v1:f0RrBbw2m3bJyncE:+VYMo3r7i8Kps/bfTraYHNoctS8UI3Ic",
  plain: "SEKRET-1",
};

describe("the passphrase scheme", () => {
  it("reads what the CLI has encrypted", async () => {
    const crypter = await openCrypter(CLI.passphrase, CLI.salt);
    assert.equal(crypter.decrypt(CLI.secure), CLI.plain);
    assert.equal(crypter.salt, CLI.salt);
  });

  it("reads what it has encrypted, under a salt of its own", async () => {
    const crypter = await newCrypter("päss");
    const reopened = await openCrypter("päss", crypter.salt);
    assert.equal(reopened.decrypt(crypter.encrypt("ünïcode\n")), "ünïcode\n");
    assert.notEqual((await newCrypter("päss")).salt, crypter.salt);
  });

  it("encrypts the same text differently each time", async () => {
    const { encrypt } = await openCrypter(CLI.passphrase, CLI.salt);
    assert.notEqual(encrypt("text"), encrypt("text"));
  });

  it("refuses another passphrase", () =>
    assert.rejects(openCrypter("y", CLI.salt), /incorrect passphrase: set PULUMI_CONFIG_PASSPHRASE/));

  it("refuses a text that was changed", async () => {
    const { decrypt } = await openCrypter(CLI.passphrase, CLI.salt);
    assert.throws(() => decrypt(CLI.secure.replace("+VYM", "+VYN")));
  });

  it("refuses a salt of a form it does not know", () =>
    assert.rejects(openCrypter("x", "v2:abc"), /unknown form of the encryption salt/));
});
