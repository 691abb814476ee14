import { isTransient } from "../cce/retryPolicy.ts";
import { InterruptedError } from "../errors/errors.ts";
import { createSharedWork } from "../util/abort.ts";
import type { Clock } from "../util/clock.ts";
import type { Credential, CredentialSource, ObtainedCredential } from "./credentialSource.ts";

/** Has a credential at hand whenever one is needed. No call outlasts its signal: then it throws InterruptedError. */
export interface CredentialProvider {
  /** Where the credentials are configured, in words. */
  readonly setting: string;
  /**
   * The credential to use now; a temporary one is renewed before it ends.
   * @throws ServiceError when none is handed out: the same one from then on, since refused passwords lock a user.
   * @throws ConnectionError when there is no answer, and the credential at hand has expired.
   */
  current(signal?: AbortSignal): Promise<Credential>;
  /** Another credential in place of one that the service refused; undefined when there is none to be had. */
  replace(refused: Credential, signal?: AbortSignal): Promise<Credential | undefined>;
  /** The project that the credential is bound to; undefined when it is good for more than one. */
  project(signal?: AbortSignal): Promise<string | undefined>;
  /** Every text that must never be shown, also of credentials that were replaced. */
  secrets(): readonly string[];
}

/** How long before its end a credential is renewed, in milliseconds; at half its life when that is shorter. */
const margin = 10 * 60_000;
/** How long the one at hand serves after nobody answered the request for another one, in milliseconds. */
const pauseAfterSilence = 60_000;
/** A credential that is refused so soon after it was handed out does not get better by being replaced. */
const youngest = 60_000;

const renewing = "renew the credentials";

/** A credential at hand; times by the monotonic clock. */
interface Held extends ObtainedCredential {
  readonly since: number;
  readonly until: number;
  renewAt: number;
}

/**
 * Memoizes a source's credential, and renews it where that is possible.
 * @param resolve obtains a credential.
 * @param source its secrets, and where it is configured.
 */
export function createCredentialProvider(
  resolve: (signal: AbortSignal) => Promise<ObtainedCredential>,
  { secrets, setting }: Pick<CredentialSource, "secrets" | "setting">,
  clock: Clock,
): CredentialProvider {
  const known = new Set(secrets);
  let held: Held | undefined;
  let refusal: unknown;

  const renewal = createSharedWork(async (signal): Promise<Held> => {
    if (refusal !== undefined) throw refusal;
    try {
      const obtained = await resolve(signal);
      for (const secret of secretsOf(obtained.credential)) known.add(secret);
      const since = clock.monotonic();
      const { lifetime = Number.POSITIVE_INFINITY } = obtained;
      const until = since + lifetime;
      held = { ...obtained, since, until, renewAt: until - Math.min(margin, lifetime / 2) };
      return held;
    } catch (error) {
      if (!isTransient(error) && !(error instanceof InterruptedError)) refusal = error;
      throw error;
    }
  });

  const renew = (signal: AbortSignal | undefined) =>
    renewal.join(signal, () => {
      throw new InterruptedError(renewing);
    });

  async function usable(signal: AbortSignal | undefined): Promise<Held> {
    if (held !== undefined && clock.monotonic() < held.renewAt) return held;
    try {
      return await renew(signal);
    } catch (error) {
      const now = clock.monotonic();
      if (error instanceof InterruptedError || held === undefined || now >= held.until) throw error;
      held.renewAt = now + pauseAfterSilence;
      return held;
    }
  }

  return {
    setting,
    current: async (signal) => (await usable(signal)).credential,
    async replace(refused, signal) {
      if (held?.credential !== refused) return held?.credential;
      if (held.lifetime === undefined || clock.monotonic() - held.since < youngest) return undefined;
      return (await renew(signal)).credential;
    },
    project: async (signal) => (await usable(signal)).projectId,
    secrets: () => [...known],
  };
}

/** The texts of a credential that must never be shown. */
function secretsOf(credential: Credential): string[] {
  if (credential.kind === "token") return [credential.token];
  const { secretKey, securityToken } = credential.key;
  return securityToken === undefined ? [secretKey] : [secretKey, securityToken];
}
