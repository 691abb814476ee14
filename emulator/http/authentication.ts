import { randomBytes, timingSafeEqual } from "node:crypto";
import {
  canonicalRequest,
  type SignableRequest,
  signature,
  stringToSign,
} from "../../provider/cce/signer.ts";
import { gatewayError, type Refusal } from "../cluster/errors.ts";
import type { Secrets } from "./secrets.ts";

/** A pair of keys that the gateway knows. */
export interface KnownKey {
  readonly secretKey: string;
  /** The token that has to come with temporary keys. */
  readonly securityToken?: string;
  /** When temporary keys end, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Temporary keys, as they are handed out. */
export interface TemporaryKey {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly securityToken: string;
  readonly expiresAt: number;
}

/** What a token is good for. */
interface KnownToken {
  readonly expiresAt: number;
  /** The one project that it was issued for; undefined for the scope of a whole domain. */
  readonly projectId: string | undefined;
}

/** Who asks, as far as CCE is concerned: a key is good for every project of its account. */
export type Caller = { readonly projects: "all" } | { readonly projects: readonly string[] };

const authorization =
  /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;
const largestSkew = 15 * 60_000;
const refusalsBeforeLock = 5;
const lockTime = 5 * 60_000;

/**
 * The gateway's check of who asks: a token that it knows, or a signature by a key that it knows. More than five
 * refused signatures in a row lock a key for five minutes (gateway FAQ, "APIG.0301"). Requests that are refused for
 * another reason neither count nor end the row.
 */
export class Authenticator {
  readonly #keys = new Map<string, KnownKey>();
  readonly #tokens = new Map<string, KnownToken>();
  readonly #refusals = new Map<string, { inARow: number; lockedUntil: number }>();
  readonly #secrets: Secrets;
  readonly #now: () => number;

  constructor(secrets: Secrets, now: () => number) {
    this.#secrets = secrets;
    this.#now = now;
  }

  /** Hands out a key that never ends. */
  issueKey(): { readonly accessKey: string; readonly secretKey: string } {
    const [accessKey, secretKey] = [`EMULATED${randomHex(6).toUpperCase()}`, randomHex(20)];
    this.#secrets.add(secretKey);
    this.#keys.set(accessKey, { secretKey });
    return { accessKey, secretKey };
  }

  /** Hands out temporary keys. */
  issueTemporaryKey(seconds: number): TemporaryKey {
    const { accessKey, secretKey } = this.issueKey();
    const known = { secretKey, securityToken: randomHex(48), expiresAt: this.#now() + seconds * 1000 };
    this.#secrets.add(known.securityToken);
    this.#keys.set(accessKey, known);
    return { accessKey, ...known };
  }

  /** Hands out a token for a project, or for none. */
  issueToken(projectId: string | undefined, seconds: number): { token: string; expiresAt: number } {
    const token = randomHex(64);
    const expiresAt = this.#now() + seconds * 1000;
    this.#secrets.add(token);
    this.#tokens.set(token, { expiresAt, projectId });
    return { token, expiresAt };
  }

  /** Who asks, or why the request is not let through. */
  identify(request: SignableRequest): Caller | Refusal {
    const token = request.headers["x-auth-token"];
    return token === undefined ? this.#identifyKey(request) : this.#identifyToken(token);
  }

  #identifyToken(token: string): Caller | Refusal {
    const known = this.#tokens.get(token);
    if (known === undefined) return unauthorized("the token is invalid");
    if (known.expiresAt <= this.#now()) return unauthorized("the token has expired");
    return { projects: known.projectId === undefined ? [] : [known.projectId] };
  }

  #identifyKey(request: SignableRequest): Caller | Refusal {
    const given = request.headers.authorization;
    if (given === undefined) return unauthorized("neither a token nor a signature");
    const [, accessKey = "", names = "", proof = ""] = authorization.exec(given) ?? [];
    const key = this.#keys.get(accessKey);
    if (accessKey === "") return unauthorized("the Authorization header is malformed");
    if (key === undefined) return unauthorized("verify ak fail: the access key does not exist");
    const { inARow, lockedUntil } = this.#refusals.get(accessKey) ?? { inARow: 0, lockedUntil: 0 };
    if (lockedUntil > this.#now()) return unauthorized("the access key is locked");
    const signed = names.split(";");
    const objection = this.#objection(request, key, signed);
    if (objection !== undefined) return objection;
    if (isSignature(proof, request, key, signed)) {
      this.#refusals.delete(accessKey);
      return { projects: "all" };
    }
    const locks = inARow + 1 > refusalsBeforeLock;
    this.#refusals.set(
      accessKey,
      // The count begins anew when the lock ends.
      locks ? { inARow: 0, lockedUntil: this.#now() + lockTime } : { inARow: inARow + 1, lockedUntil: 0 },
    );
    return unauthorized("verify aksk signature fail");
  }

  /** What is wrong with a request by this key before its signature is looked at. */
  #objection({ headers }: SignableRequest, key: KnownKey, signed: readonly string[]): Refusal | undefined {
    const date = headers["x-sdk-date"] ?? "";
    const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
    // Said this way round, a date that cannot be read is refused too.
    if (!(Math.abs(at - this.#now()) <= largestSkew)) {
      return gatewayError(
        401,
        "APIGW.0303",
        "Incorrect app authentication information: x-sdk-date differs by more than 15 minutes",
      );
    }
    if (!signed.includes("x-sdk-date")) return unauthorized("x-sdk-date is not signed");
    const missing = signed.find((name) => headers[name] === undefined);
    if (missing !== undefined) return unauthorized(`the signed header ${missing} is missing`);
    if (key.expiresAt !== undefined && key.expiresAt <= this.#now())
      return unauthorized("the temporary access key has expired");
    return key.securityToken === headers["x-security-token"]
      ? undefined
      : unauthorized("verify security token fail");
  }
}

function isSignature(proof: string, request: SignableRequest, key: KnownKey, signed: string[]): boolean {
  const date = request.headers["x-sdk-date"] ?? "";
  const expected = signature(stringToSign(canonicalRequest(request, signed), date), key.secretKey);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(proof));
}

/** Text that nobody guesses. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

function unauthorized(problem: string): Refusal {
  return gatewayError(401, "APIGW.0301", `Incorrect IAM authentication information: ${problem}`);
}
