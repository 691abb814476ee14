import assert from "node:assert/strict";

/** A shorter text would be found in words that have nothing to do with it. */
const shortest = 8;

/** Names under which inputs, requests and variables of the environment hold a secret. */
const secretNames = /(password|passwd|secret_?key|(auth|security|subject)_?token)$/i;

/** Every form in which a secret could show itself. */
function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const hex = Buffer.from(secret).toString("hex");
  const percent = hex.replace(/../g, "%$&");
  const base64 = [0, 1, 2].map((before) => base64Core(secret, before));
  return [
    secret,
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    encodeURIComponent(secret),
    ...[hex, percent].flatMap((form) => [form, form.toUpperCase()]),
    ...base64.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]),
  ];
}

/** What Base64 makes of a secret with this many bytes (modulo 3) before it, whatever stands before and behind it. */
function base64Core(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  return bytes.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** Whether a salted password of any salt is in the text, plain or in Base64. */
function holdsSalted(text: string): boolean {
  if (/\$6\$[./0-9A-Za-z]{1,16}\$/.test(text)) return true;
  // Decoded, lest a ciphertext that happens to begin alike is taken for one.
  return [...text.matchAll(/JDYk[\w+/-]{20,}/g)].some(([found]) =>
    /^\$6\$[./0-9A-Za-z]{1,16}\$/.test(Buffer.from(found, "base64").toString("latin1")),
  );
}

/**
 * Fails when a secret, in whatever form, or a salted password of any salt is in one of the texts. It says in which
 * text, never which secret.
 * @param texts by the words for where they are from.
 */
export function assertNoSecret(texts: Readonly<Record<string, string>>, secrets: Iterable<string>): void {
  const all = new Set(secrets);
  for (const secret of all) {
    assert.ok(secret.length >= shortest, `a secret of ${secret.length} characters cannot be searched for`);
  }
  const forms = new Set([...all].flatMap(formsOf));
  for (const [place, text] of Object.entries(texts)) {
    for (const form of forms) if (text.includes(form)) assert.fail(`a secret is in ${place}`);
    if (holdsSalted(text)) assert.fail(`a salted password is in ${place}`);
  }
}

/** The texts that stand under the name of a secret at any depth; empty ones stand for none. */
export function secretsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (typeof inner !== "string") return secretsIn(inner);
    return inner !== "" && secretNames.test(name) ? [inner] : [];
  });
}

/** A copy in which `[secret]` stands for what {@link secretsIn} finds: for places that hold it by right. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => {
    const isSecret = typeof inner === "string" && inner !== "" && secretNames.test(name);
    return [name, isSecret ? "[secret]" : withoutSecrets(inner)];
  });
  return Object.fromEntries(entries);
}
