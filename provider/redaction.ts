const shortest = 4;

/** A salted password, as it is and in Base64; its salt is new in each request, so it cannot be listed. */
const salted = /\$6\$[./0-9A-Za-z$=]{20,}|JDYk[A-Za-z0-9+/]{20,}={0,2}/g;

/**
 * The text without the secrets, in whatever form they may have been echoed: plain, Base64, URL-encoded or as
 * inside a JSON string. Secrets of fewer than 4 characters are left alone: they would tear words apart.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const clean = longestFirst.reduce((rest, form) => rest.replaceAll(form, "[secret]"), text);
  return clean.replace(salted, "[secret]");
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64");
  return [
    secret,
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
  ];
}
