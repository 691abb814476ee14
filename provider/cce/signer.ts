import { createHash, createHmac } from "node:crypto";

/** A request as far as its signature is concerned: exactly what is sent. */
export interface SignableRequest {
  readonly method: string;
  /** Path as sent, percent-encoded. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query: string;
  /** All headers to be signed, `Host` among them; names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The very bytes (or text, sent as UTF-8) of the body. */
  readonly body: string | Uint8Array;
}

/** A pair of keys; temporary ones come with a token of their own. */
export interface AccessKey {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly securityToken?: string;
}

const algorithm = "SDK-HMAC-SHA256";

/** A time as the signature has it: `YYYYMMDDTHHMMSSZ`, UTC. */
export function sdkDate(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/**
 * The headers that make a request a signed one (Huawei Cloud, "AK/SK signing", SDK-HMAC-SHA256): `X-Sdk-Date`,
 * `X-Security-Token` for temporary keys, `Authorization`. All given headers are signed. Pure.
 */
export function sign(request: SignableRequest, key: AccessKey, at: Date): Record<string, string> {
  const date = sdkDate(at);
  const added: Record<string, string> = { "X-Sdk-Date": date };
  if (key.securityToken !== undefined) added["X-Security-Token"] = key.securityToken;
  const headers = { ...request.headers, ...added };
  const names = Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort();
  const canonical = canonicalRequest({ ...request, headers }, names);
  const proof = signature(stringToSign(canonical, date), key.secretKey);
  return {
    ...added,
    Authorization: `${algorithm} Access=${key.accessKey}, SignedHeaders=${names.join(";")}, Signature=${proof}`,
  };
}

/** The request in the one form that both sides hash; only the named headers (lower case, sorted) are in it. */
export function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  const headers = new Map(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
  );
  return [
    request.method.toUpperCase(),
    canonicalPath(request.path),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${headers.get(name) ?? ""}`),
    "",
    signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
}

/** What is signed: the algorithm, the date and the hash of the canonical request. */
export function stringToSign(canonical: string, date: string): string {
  return [algorithm, date, sha256(canonical)].join("\n");
}

/** The signature in hexadecimal; the secret key is used as it is. */
export function signature(toSign: string, secretKey: string): string {
  return createHmac("sha256", secretKey).update(toSign, "utf8").digest("hex");
}

/** Each decoded segment encoded once, and a slash at the end, which the path that is sent does not have. */
function canonicalPath(path: string): string {
  const encoded = path
    .split("/")
    .map((segment) => encode(decode(segment)))
    .join("/");
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query
    .split("&")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return `${encode(decode(name))}=${encode(decode(value.join("=")))}`;
    })
    .sort()
    .join("&");
}

/** Only letters, digits and `-_.~` stay; `encodeURIComponent` would leave some more. */
function encode(text: string): string {
  const toHex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, toHex);
}

/** A malformed escape stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
