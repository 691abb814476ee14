import type { HttpHandler, HttpRequest } from "../cce/http.ts";
import { ConfigurationError, ConnectionError, UserError } from "../errors/errors.ts";
import {
  type CredentialContext,
  type CredentialSource,
  credentialsNotFound,
  type ObtainedCredential,
  type SettingSource,
} from "./credentialSource.ts";
import { credentialSchema, exchange, temporaryKey } from "./exchange.ts";

/** Why the metadata service is not asked. */
export const notForLoopback = "the metadata service is not used with a local endpoint";

const call = "get this server's keys from the metadata service";

const remedy = "Assign an agency that may use CCE to the server, or configure another way to authenticate.";

/** A service so near answers at once or not at all; milliseconds. */
const patience = 3000;

/** The longest life of a token of the metadata service, in seconds. */
const tokenLife = 21_600;

/**
 * The temporary keys that the metadata service of an ECS server gives, those of the agency that the server was given.
 * @param because why it is asked, for the message that says in vain: a sentence a line.
 * @param first the settings that go before the environment, for that message too.
 */
export function metadataService(
  origin: string,
  because: readonly string[],
  first: SettingSource | undefined,
): CredentialSource {
  let hasAnswered = false;
  return {
    name: "metadata service",
    setting: `the metadata service at ${origin}`,
    id: JSON.stringify(["metadata service", origin, because]),
    gives: "accessKey",
    needsIam: false,
    secrets: [],
    names: [],
    async resolve(context, signal) {
      try {
        const obtained = await obtainKeys(origin, context, signal);
        hasAnswered = true;
        return obtained;
      } catch (error) {
        // Once it has answered, a silence is a passing one: the keys that it gave are good for a while.
        const isSilent = error instanceof ConnectionError && !hasAnswered;
        if (!isSilent && !(error instanceof UserError)) throw error;
        const hint = isSilent ? "" : " (a server has keys only if an agency is assigned to it)";
        const passed = `metadata service at ${origin}: ${error.message}${hint}`;
        throw new ConfigurationError([credentialsNotFound([...because, passed], first)]);
      }
    },
  };
}

/** Takes the hardened way, with a token of the service, where there is one. */
async function obtainKeys(
  origin: string,
  { handler, clock }: CredentialContext,
  signal: AbortSignal,
): Promise<ObtainedCredential> {
  const token = await askForToken(origin, handler, signal);
  const headers = { Accept: "application/json", ...(token === "" ? {} : { "X-Metadata-Token": token }) };
  const request = near(origin, { method: "GET", path: "/openstack/latest/securitykey", headers, signal });
  const { body, response } = await exchange(request, handler, clock, credentialSchema, remedy);
  return temporaryKey(body.credential, response, clock);
}

/** The token of the hardened way; empty where the service knows no such thing. */
async function askForToken(origin: string, handler: HttpHandler, signal: AbortSignal): Promise<string> {
  const headers = { "X-Metadata-Token-Ttl-Seconds": String(tokenLife) };
  const path = "/meta-data/latest/api/token";
  const { status, body } = await handler(near(origin, { method: "PUT", path, headers, signal }));
  return status === 200 && /^[\x21-\x7e]+$/.test(body.trim()) ? body.trim() : "";
}

/** A request that no proxy may see: what it brings are keys, and only this very server can ask for them. */
function near(
  origin: string,
  rest: Pick<HttpRequest, "method" | "path" | "headers" | "signal">,
): HttpRequest {
  return { call, origin, direct: true, answerTimeout: patience, ...rest };
}
