import { createHash, createHmac } from "node:crypto";

/**
 * A second implementation of SDK-HMAC-SHA256, written from its rules and not from the product's signer. It takes a
 * request by what it means, so that it cannot share a fault of reading an encoded one.
 */

/** A request by what it means: nothing in it is encoded. */
export interface MeantRequest {
  readonly method: string;
  /** What stands between the path's slashes, in order; a last empty one is a path that ends in a slash. */
  readonly segments: readonly string[];
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The value of the Authorization header, every header of the request signed.
 * @param date the value of X-Sdk-Date, which has to be among the headers already.
 */
export function authorizationOf(
  request: MeantRequest,
  accessKey: string,
  secretKey: string,
  date: string,
): string {
  const lines: [name: string, value: string][] = [];
  for (const [name, value] of Object.entries(request.headers)) {
    lines.push([name.toLowerCase(), value.trim()]);
  }
  lines.sort(byFirst);

  let path = "";
  for (const segment of request.segments) path += `/${percentEncoded(segment)}`;
  if (!path.endsWith("/")) path += "/";

  let canonical = `${request.method}\n${path}\n${canonicalQuery(request.parameters)}\n`;
  for (const [name, value] of lines) canonical += `${name}:${value}\n`;
  const signedHeaders = lines.map(([name]) => name).join(";");
  canonical += `\n${signedHeaders}\n${sha256(request.body)}`;

  const toSign = `SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`;
  const signature = createHmac("sha256", secretKey).update(toSign, "utf8").digest("hex");
  return `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** Names in order, the values of one name in order, both by what they mean. */
function canonicalQuery(parameters: MeantRequest["parameters"]): string {
  const valuesOf = new Map<string, string[]>();
  for (const [name, value] of parameters) {
    const values = valuesOf.get(name);
    if (values === undefined) valuesOf.set(name, [value]);
    else values.push(value);
  }
  const pairs: string[] = [];
  for (const name of [...valuesOf.keys()].sort(byBytes)) {
    for (const value of (valuesOf.get(name) ?? []).sort(byBytes)) {
      pairs.push(`${percentEncoded(name)}=${percentEncoded(value)}`);
    }
  }
  return pairs.join("&");
}

function percentEncoded(text: string): string {
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(byte);
    const isKept = /^[A-Za-z0-9\-_.~]$/.test(character);
    encoded += isKept ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function byFirst([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return byBytes(a, b);
}
