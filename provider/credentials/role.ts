import { z } from "zod";
import type { HttpHandler } from "../cce/http.ts";
import type { Clock } from "../util/clock.ts";
import type { Role } from "./credential.ts";
import {
  ask,
  credentialSchema,
  headerText,
  post,
  type TokenExchange,
  temporaryKey,
  time,
} from "./tokenExchange.ts";

/** Where a role is assumed. */
export interface RoleEndpoints {
  readonly iam: string;
  /** The newer service for it; undefined when it is not to be used. */
  readonly sts?: string;
}

const call = "assume the agency's role";
const remedy =
  "Check the agency's name and account (domain), that the agency trusts the account that authenticates, and that this account may assume roles (sts:agencies:assume, or the role Agent Operator).";
const sessionName = "pulumi-cce-nodepool-sync";

const credentialsSchema = z.object({
  credentials: z.object({
    access_key_id: headerText,
    secret_access_key: headerText,
    security_token: headerText,
    expiration: time,
  }),
});

/**
 * Asks for the temporary keys of an agency: by STS (v5) when the agency's account is known by its id, else by IAM
 * (v3.0), as the vendor's Terraform provider does.
 * @param handler carries the credential of who assumes the role.
 */
export function assumeRole(
  { agencyName, domain, duration }: Role,
  { iam, sts }: RoleEndpoints,
  handler: HttpHandler,
  clock: Clock,
): TokenExchange {
  if ("id" in domain && sts !== undefined) {
    const request = post(call, sts, "/v5/agencies/assume", {
      agency_urn: `iam::${domain.id}:agency:${agencyName}`,
      agency_session_name: sessionName,
      duration_seconds: duration,
    });
    return async (signal) => {
      const { body, response } = await ask({ ...request, signal }, handler, clock, credentialsSchema, remedy);
      const { access_key_id, secret_access_key, security_token, expiration } = body.credentials;
      const keys = {
        access: access_key_id,
        secret: secret_access_key,
        securitytoken: security_token,
        expires_at: expiration,
      };
      return temporaryKey(keys, response, clock);
    };
  }
  const whose = "id" in domain ? { domain_id: domain.id } : { domain_name: domain.name };
  const role = { ...whose, agency_name: agencyName, duration_seconds: duration };
  const identity = { methods: ["assume_role"], assume_role: role };
  const request = post(call, iam, "/v3.0/OS-CREDENTIAL/securitytokens", { auth: { identity } });
  return async (signal) => {
    const { body, response } = await ask({ ...request, signal }, handler, clock, credentialSchema, remedy);
    return temporaryKey(body.credential, response, clock);
  };
}
