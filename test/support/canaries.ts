import assert from "node:assert/strict";

/** Every form in which a secret could show itself. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [secret, base64, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/** Fails when a secret, or a salted password of any salt, is in one of the texts. */
export function assertNoSecret(texts: Record<string, string>, secrets: readonly string[]): void {
  for (const [place, text] of Object.entries(texts)) {
    for (const form of new Set(secrets.flatMap(formsOf)))
      assert.ok(!text.includes(form), `a secret is in ${place}`);
    assert.doesNotMatch(text, /\$6\$[./0-9A-Za-z]{1,16}\$/, `a salted password is in ${place}`);
    assert.doesNotMatch(text, /JDYk[A-Za-z0-9+/]{40}/, `a salted password in Base64 is in ${place}`);
  }
}
