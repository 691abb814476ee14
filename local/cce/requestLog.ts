/** Which of the service's calls a request is; `other` is none that is served. */
export type CallKind =
  | "sync"
  | "pools"
  | "pool"
  | "nodes"
  | "job"
  | "cluster"
  | "projects"
  | "token"
  | "agency"
  | "metadata"
  | "other";

/** What the emulator keeps of a request. No credential and no password is in it. */
export interface RequestRecord {
  /** Counted from 1 in the order of arrival. */
  readonly index: number;
  readonly kind: CallKind;
  readonly method: string;
  /** As it was sent, percent-encoded. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  /** Headers by lower-case name; those that carry credentials say `[secret]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; passwords and tokens say `[secret]`. One that is no JSON says `[not JSON]`. */
  readonly body: unknown;
  /** When it arrived, in milliseconds since 1970 by the emulator's clock. */
  readonly at: number;
  /** The status that was answered; undefined while there is no answer, and when a fault kept it back. */
  readonly status?: number;
  /** Why the service refused it: code and message. */
  readonly refusal?: string;
  /** For a sync: whether the service accepted it, also when its answer was lost. */
  readonly accepted?: boolean;
}

/** A sync that the emulated service accepted. */
export interface AcceptedSync {
  readonly clusterId: string;
  readonly poolId: string;
  /** Ids of the nodes that are reset, in the order of the batches. */
  readonly targets: readonly string[];
  readonly maxUnavailable: number;
  /** When, in milliseconds since 1970 by the emulator's clock. */
  readonly at: number;
  /** The job's id, also where the profile does not tell it to the client. */
  readonly jobId: string;
  /** What was sent as `nodeTemplate`; a password says `[secret]`. */
  readonly nodeTemplate?: unknown;
}

const hidden = "[secret]";
const secretHeaders =
  /^(authorization|proxy-authorization|cookie|x-auth-token|x-subject-token|x-security-token|x-metadata-token)$/;
const secretKeys = /^(password|secret|token|id_token|security_?token|secret_?(access_)?key)$/i;

/** Headers without credentials. */
export function publicHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretHeaders.test(name) ? hidden : value]),
  );
}

/** The parsed body of a request without passwords and tokens. */
export function publicBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text, (key, value) => (secretKeys.test(key) ? hidden : value));
  } catch {
    return "[not JSON]";
  }
}

/** A copy of a value without passwords and tokens. */
export function publicValue(value: unknown): unknown {
  return value === undefined ? undefined : publicBody(JSON.stringify(value));
}
