import { createHmac, hash } from "node:crypto";

/** A request as far as its signature is concerned: exactly what is sent. */
export interface SignableRequest {
  readonly method: string;
  /** Path as sent, percent-encoded. */
  readonly path: string;
  /** Query as sent, without the question mark; a `+` in it is a plus, never a space. */
  readonly query: string;
  /** All headers to be signed, `Host` among them; names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The very bytes (or text, sent as UTF-8) of the body; empty when there is none. */
  readonly body: string | Uint8Array;
}

/** A pair of keys; temporary ones come with a token of their own. */
export interface AccessKey {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Only temporary keys have one, and are refused without it. */
  readonly securityToken?: string;
}

const algorithm = "SDK-HMAC-SHA256";

/** A time as the signature has it: `YYYYMMDDTHHMMSSZ`, UTC, fractions of a second cut off; years of four digits. */
export function sdkDate(at: Date): string {
  const day = at.getUTCFullYear() * 10_000 + (at.getUTCMonth() + 1) * 100 + at.getUTCDate();
  const time = at.getUTCHours() * 10_000 + at.getUTCMinutes() * 100 + at.getUTCSeconds();
  return `${day}T${String(time).padStart(6, "0")}Z`;
}

/**
 * The headers that make a request a signed one (Huawei Cloud, "AK/SK signing", SDK-HMAC-SHA256): `X-Sdk-Date`,
 * `X-Security-Token` for temporary keys, `Authorization`. All headers of the request are signed, so what is sent
 * must have each of them, unchanged.
 * @param request has none of the added headers yet.
 * @param at the time of signing; the service refuses one that is more than 15 minutes off.
 */
export function sign(request: SignableRequest, key: AccessKey, at: Date): Record<string, string> {
  const date = sdkDate(at);
  const added: Record<string, string> = { "X-Sdk-Date": date };
  if (key.securityToken !== undefined) added["X-Security-Token"] = key.securityToken;
  const headers = byLowerCaseName({ ...request.headers, ...added });
  const names = [...headers.keys()].sort();
  const proof = signature(stringToSign(canonicalForm(request, headers, names), date), key.secretKey);
  added.Authorization = `${algorithm} Access=${key.accessKey}, SignedHeaders=${names.join(";")}, Signature=${proof}`;
  return added;
}

/**
 * The request in the one form that both sides hash.
 * @param signedHeaders the names in lower case, sorted; other headers stay out, one that is missing counts as empty.
 */
export function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  return canonicalForm(request, byLowerCaseName(request.headers), signedHeaders);
}

/** @param headers those of the request and those that are to be added to it, by lower-case name. */
function canonicalForm(
  { method, path, query, body }: SignableRequest,
  headers: ReadonlyMap<string, string>,
  signedHeaders: readonly string[],
): string {
  let lines = "";
  for (const name of signedHeaders) lines += `${name}:${(headers.get(name) ?? "").trim()}\n`;
  const target = `${canonicalPath(path)}\n${canonicalQuery(query)}`;
  return `${method.toUpperCase()}\n${target}\n${lines}\n${signedHeaders.join(";")}\n${sha256(body)}`;
}

/** What is signed: the algorithm, the date (see {@link sdkDate}) and the hash of the canonical request. */
export function stringToSign(canonical: string, date: string): string {
  return `${algorithm}\n${date}\n${sha256(canonical)}`;
}

/** The signature in hexadecimal; the secret key is used as it is. */
export function signature(toSign: string, secretKey: string): string {
  return createHmac("sha256", secretKey).update(toSign).digest("hex");
}

/*
 * Nearly every request has a path, and at most one parameter, of unreserved characters. They are in their canonical form
 * already, and to take them apart would cost as much as all the hashing.
 */
const plainPath = /^[A-Za-z0-9\-._~/]*$/;
const plainQuery = /^(?:[A-Za-z0-9\-._~]+=[A-Za-z0-9\-._~]*)?$/;

/** Ends in a slash, which the path that is sent need not have. */
function canonicalPath(path: string): string {
  const encoded = plainPath.test(path)
    ? path
    : path
        .split("/")
        .map((segment) => encode(decode(segment)))
        .join("/");
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}

/** Sorted by name, then value, both before they are encoded: `é` comes after `z`, its escape would come before. */
function canonicalQuery(query: string): string {
  if (plainQuery.test(query)) return query;
  return query
    .split("&")
    .filter((parameter) => parameter !== "")
    .map((parameter) => {
      const [name = "", ...value] = parameter.split("=");
      return { name: decode(name), value: decode(value.join("=")) };
    })
    .sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

/**
 * The bytes that percent-encoded text stands for, as a string of one character a byte: so even escapes that are no
 * UTF-8 come through unchanged, and strings compare as their bytes do. A malformed escape stands for itself.
 */
function decode(text: string): string {
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  return bytes.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Escapes every byte but the unreserved characters of RFC 3986; `encodeURIComponent` would leave `!'()*` too. */
function encode(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-._~]/g, (byte) => {
    const hex = byte.charCodeAt(0).toString(16).toUpperCase();
    return `%${hex.padStart(2, "0")}`;
  });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A map, since the names to look up may come from whoever sent the request: `constructor` must find nothing. */
function byLowerCaseName(headers: Readonly<Record<string, string>>): Map<string, string> {
  const named = new Map<string, string>();
  for (const name of Object.keys(headers)) named.set(name.toLowerCase(), headers[name] ?? "");
  return named;
}

/** Most requests have no body. */
const hashOfNothing = hash("sha256", "", "hex");

function sha256(data: string | Uint8Array): string {
  return data === "" ? hashOfNothing : hash("sha256", data, "hex");
}
