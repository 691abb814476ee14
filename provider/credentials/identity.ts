import { isPassing } from "../cce/retryPolicy.ts";
import type { Clock } from "../util/clock.ts";
import { type Credential, secretsOf } from "./credential.ts";
import type { Issue, Issued } from "./tokenExchange.ts";

/** Somebody who asks: has a credential at hand whenever one is needed. */
export interface Identity {
  /**
   * The credential to use now; one that was issued is renewed before it ends.
   * @throws ServiceError when none is issued: the same one from then on, since refused passwords lock a user.
   * @throws ConnectionError when nobody answers, and the credential at hand has ended.
   */
  current(): Promise<Credential>;
  /** Another credential in place of one that the service refused; undefined when there is none to be had. */
  replace(refused: Credential): Promise<Credential | undefined>;
  /** The project that the credential is bound to; undefined when it is good for more than one. */
  project(): Promise<string | undefined>;
  /** Every text that must never be shown, also of credentials that were replaced. */
  secrets(): readonly string[];
}

/** How long before its end a credential is renewed, in milliseconds; at half its life when that is shorter. */
const margin = 10 * 60_000;
/** How long the one at hand serves after nobody answered the request for another one, in milliseconds. */
const pauseAfterSilence = 60_000;
/** A credential that is refused so soon after it was issued will not get better by being issued again. */
const youngest = 60_000;

/** An identity with a credential that is given and cannot be renewed. */
export function fixedIdentity(credential: Credential): Identity {
  return {
    current: async () => credential,
    replace: async () => undefined,
    project: async () => undefined,
    secrets: () => secretsOf(credential),
  };
}

/**
 * An identity whose credentials are issued by somebody.
 * @param secrets the texts by which it asks for them.
 */
export function issuedIdentity(issue: Issue, secrets: readonly string[], clock: Clock): Identity {
  const known = new Set(secrets);
  let held: (Issued & { readonly issuedAt: number; renewAt: number }) | undefined;
  let pending: Promise<Issued> | undefined;
  let refusal: unknown;

  const renew = (): Promise<Issued> => {
    pending ??= issueAnother().finally(() => {
      pending = undefined;
    });
    return pending;
  };

  async function issueAnother(): Promise<Issued> {
    if (refusal !== undefined) throw refusal;
    try {
      const issued = await issue();
      for (const secret of secretsOf(issued.credential)) known.add(secret);
      const now = clock.now();
      const life = Math.max(0, issued.expiresAt - now);
      held = { ...issued, issuedAt: now, renewAt: issued.expiresAt - Math.min(margin, life / 2) };
      return held;
    } catch (error) {
      if (!isPassing(error)) refusal = error;
      throw error;
    }
  }

  async function usable(): Promise<Issued> {
    if (held !== undefined && clock.now() < held.renewAt) return held;
    try {
      return await renew();
    } catch (error) {
      const now = clock.now();
      if (held === undefined || now >= held.expiresAt) throw error;
      held.renewAt = now + pauseAfterSilence;
      return held;
    }
  }

  return {
    current: async () => (await usable()).credential,
    async replace(refused) {
      if (held?.credential !== refused) return held?.credential;
      if (clock.now() - held.issuedAt < youngest) return undefined;
      return (await renew()).credential;
    },
    project: async () => (await usable()).projectId,
    secrets: () => [...known],
  };
}
