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

/** The value with every text in it redacted. */
export function redactAll<T>(value: T, secrets: readonly string[]): T {
  const visit = (part: unknown): unknown => {
    if (typeof part === "string") return redact(part, secrets);
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(value) as T;
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
