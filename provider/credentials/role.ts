import { z } from "zod";
import type { Exchange } from "../cce/http.ts";
import type { Clock } from "../util/clock.ts";
import type { Role } from "./credential.ts";
import { ask, credentialSchema, headerText, type Issue, post, temporary, time } from "./tokenExchange.ts";

/** Where a role is assumed. */
export interface RoleEndpoints {
  readonly iam: string;
  /** The newer service for it; undefined when it is not to be used. */
  readonly sts?: string;
}

const call = "assume the agency's role";
const remedy =
  "Check the agency's name and account (domain), that it trusts the account that signs in, and that this one may assume roles (sts:agencies:assume, or the role Agent Operator).";
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
 * @param exchange carries the credential of who assumes the role.
 */
export function assumeRole(
  { agencyName, domain, duration }: Role,
  { iam, sts }: RoleEndpoints,
  exchange: Exchange,
  clock: Clock,
): Issue {
  if ("id" in domain && sts !== undefined) {
    const request = post(call, sts, "/v5/agencies/assume", {
      agency_urn: `iam::${domain.id}:agency:${agencyName}`,
      agency_session_name: sessionName,
      duration_seconds: duration,
    });
    return async () => {
      const { body } = await ask(request, exchange, clock, credentialsSchema, remedy);
      const { access_key_id, secret_access_key, security_token, expiration } = body.credentials;
      return temporary({
        access: access_key_id,
        secret: secret_access_key,
        securitytoken: security_token,
        expires_at: expiration,
      });
    };
  }
  const whose = "id" in domain ? { domain_id: domain.id } : { domain_name: domain.name };
  const role = { ...whose, agency_name: agencyName, duration_seconds: duration };
  const identity = { methods: ["assume_role"], assume_role: role };
  const request = post(call, iam, "/v3.0/OS-CREDENTIAL/securitytokens", { auth: { identity } });
  return async () => {
    const { body } = await ask(request, exchange, clock, credentialSchema, remedy);
    return temporary(body.credential);
  };
}
