import type { HttpHandler, HttpRequest } from "../cce/http.ts";
import { ConfigurationError, ConnectionError, UserError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";
import { credentialsNotFound } from "./credential.ts";
import { ask, credentialSchema, type TokenExchange, temporaryKey } from "./tokenExchange.ts";

const call = "get this server's keys from the metadata service";

const remedy = "Assign an agency that may use CCE to the server, or configure another way to authenticate.";

/** A service so near answers at once or not at all; milliseconds. */
const patience = 3000;

/** The longest life of a token of the metadata service, in seconds. */
const tokenLife = 21_600;

/** A request that no proxy may see: what it brings are keys, and only this very server can ask for them. */
function near(
  origin: string,
  rest: Pick<HttpRequest, "method" | "path" | "headers" | "signal">,
): HttpRequest {
  return { call, origin, direct: true, answerTimeout: patience, ...rest };
}

/**
 * Asks the metadata service of an ECS server for the temporary keys of the agency that the server was given. Takes
 * the hardened way, with a token of the service, where there is one.
 * @param because why it is asked, for the message that says in vain: a sentence a line.
 */
export function fetchServerKeys(
  origin: string,
  because: readonly string[],
  handler: HttpHandler,
  clock: Clock,
): TokenExchange {
  let known = false;
  return async (signal) => {
    try {
      const token = await askForToken(origin, handler, signal);
      const headers = { Accept: "application/json", ...(token === "" ? {} : { "X-Metadata-Token": token }) };
      const request = near(origin, { method: "GET", path: "/openstack/latest/securitykey", headers, signal });
      const { body, response } = await ask(request, handler, clock, credentialSchema, remedy);
      known = true;
      return temporaryKey(body.credential, response, clock);
    } catch (error) {
      // Once it has answered, a silence is a passing one: the keys that it gave are good for a while.
      const silent = error instanceof ConnectionError && !known;
      if (!silent && !(error instanceof UserError)) throw error;
      const hint = silent ? "" : " (a server has keys only if an agency is assigned to it)";
      const passed = `metadata service at ${origin}: ${error.message}${hint}`;
      throw new ConfigurationError([credentialsNotFound([...because, passed])]);
    }
  };
}

/** The token of the hardened way; empty where the service knows no such thing. */
async function askForToken(origin: string, handler: HttpHandler, signal: AbortSignal): Promise<string> {
  const headers = { "X-Metadata-Token-Ttl-Seconds": String(tokenLife) };
  const path = "/meta-data/latest/api/token";
  const { status, body } = await handler(near(origin, { method: "PUT", path, headers, signal }));
  return status === 200 && /^[\x21-\x7e]+$/.test(body.trim()) ? body.trim() : "";
}
