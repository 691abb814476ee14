import { z } from "zod";
import {
  type CredentialContext,
  type CredentialSource,
  foundIn,
  type IamName,
  iamName,
  locatedRemedy,
  type ObtainedCredential,
  type SettingSource,
  textOf,
} from "./credentialSource.ts";
import { credentialSchema, exchange, headerText, post, temporaryKey, time } from "./exchange.ts";

/** The agency whose role is assumed, in the account (domain) that created it. */
interface Role {
  readonly agencyName: string;
  readonly domain: IamName;
  /** How long its keys are valid, in seconds. */
  readonly duration: number;
}

const parts = [
  "assumeRole.agencyName",
  "assumeRole.domainId",
  "assumeRole.domainName",
  "assumeRole.duration",
] as const;
type Part = (typeof parts)[number];

const durations = { shortest: 900, longest: 86_400, standard: 43_200 } as const;

/**
 * The source itself where no role is to be assumed, else the role's temporary keys, which are obtained with the
 * source's credential. Each part of the role can be in another place, as in the vendor's providers.
 * @returns undefined when the role cannot be assumed as it is configured: nothing may go ahead without it.
 */
export function withRole(
  base: CredentialSource,
  sources: readonly SettingSource<Part>[],
  problems: string[],
): CredentialSource | undefined {
  const [agency, , , duration] = parts.map((part) =>
    sources.find((source) => source.get(part) !== undefined),
  );
  const domain = sources.find((source) => domainIn(source) !== undefined);
  const stray = domain ?? duration;
  if (agency === undefined && stray === undefined) return base;
  const problem = (text: string) => void problems.push(`assumeRole: ${text}`);
  if (agency === undefined) {
    const strayPart = parts.find((part) => stray?.get(part) !== undefined) ?? parts[0];
    return problem(
      `${stray?.nameOf(strayPart)} is set without ${stray?.nameOf("assumeRole.agencyName")}, the agency`,
    );
  }
  const account = domain && domainIn(domain);
  if (account === undefined) {
    const [given, missing] = [agency.nameOf("assumeRole.agencyName"), agency.nameOf("assumeRole.domainName")];
    return problem(`${given} is set without ${missing}, the account that made the agency`);
  }
  const text = duration?.get("assumeRole.duration") ?? String(durations.standard);
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < durations.shortest || seconds > durations.longest) {
    const range = `from ${durations.shortest} to ${durations.longest}`;
    return problem(`${duration?.nameOf("assumeRole.duration")} must be a whole number of seconds ${range}`);
  }
  const agencyName = agency.get("assumeRole.agencyName") ?? "";
  const setting = `${foundIn(agency, ["assumeRole.agencyName"])}, a role assumed with ${base.setting}`;
  return assumedRole({ agencyName, domain: account, duration: seconds }, setting, base);
}

function domainIn(source: SettingSource<Part>): IamName | undefined {
  return iamName(source.get("assumeRole.domainId"), source.get("assumeRole.domainName"));
}

function assumedRole(role: Role, setting: string, base: CredentialSource): CredentialSource {
  return {
    name: "assumed role",
    setting,
    id: JSON.stringify(["assumed role", role, base.id]),
    gives: "accessKey",
    needsIam: true,
    secrets: base.secrets,
    names: [...base.names, role.agencyName, textOf(role.domain)],
    resolve(context, signal) {
      const { domain } = role;
      const { sts, authenticatedBy } = context;
      const handler = authenticatedBy(base);
      const remedy = locatedRemedy(setting, checkRole);
      // STS takes signatures only, and wants to know the account by its id; the vendor's Terraform provider does the same.
      return base.gives === "accessKey" && "id" in domain && sts !== undefined
        ? assumeBySts(role, remedy, domain.id, sts, { ...context, handler }, signal)
        : assumeByIam(role, remedy, { ...context, handler }, signal);
    },
  };
}

const call = "assume the agency's role";
const checkRole =
  "Check the agency's name and account (domain), that the agency trusts the account that authenticates, and that this account may assume roles (sts:agencies:assume, or the role Agent Operator).";
const sessionName = "pulumi-cce-nodepool-sync";

const stsSchema = z.object({
  credentials: z.object({
    access_key_id: headerText,
    secret_access_key: headerText,
    security_token: headerText,
    expiration: time,
  }),
});

/** The newer service (v5). */
async function assumeBySts(
  { agencyName, duration }: Role,
  remedy: string,
  domainId: string,
  sts: string,
  { handler, clock }: CredentialContext,
  signal: AbortSignal,
): Promise<ObtainedCredential> {
  const request = post(call, sts, "/v5/agencies/assume", {
    agency_urn: `iam::${domainId}:agency:${agencyName}`,
    agency_session_name: sessionName,
    duration_seconds: duration,
  });
  const { body, response } = await exchange({ ...request, signal }, handler, clock, stsSchema, remedy);
  const { access_key_id, secret_access_key, security_token, expiration } = body.credentials;
  const keys = {
    access: access_key_id,
    secret: secret_access_key,
    securitytoken: security_token,
    expires_at: expiration,
  };
  return temporaryKey(keys, response, clock);
}

/** The older service (v3.0). */
async function assumeByIam(
  { agencyName, domain, duration }: Role,
  remedy: string,
  { iam, handler, clock }: CredentialContext,
  signal: AbortSignal,
): Promise<ObtainedCredential> {
  const whose = "id" in domain ? { domain_id: domain.id } : { domain_name: domain.name };
  const role = { ...whose, agency_name: agencyName, duration_seconds: duration };
  const identity = { methods: ["assume_role"], assume_role: role };
  const request = post(call, iam, "/v3.0/OS-CREDENTIAL/securitytokens", { auth: { identity } });
  const { body, response } = await exchange({ ...request, signal }, handler, clock, credentialSchema, remedy);
  return temporaryKey(body.credential, response, clock);
}
