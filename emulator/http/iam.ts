import { z } from "zod";
import { iamError } from "../cluster/errors.ts";
import type { Named } from "./account.ts";
import type { TemporaryKey } from "./authentication.ts";
import { type Handler, ok } from "./serviceContext.ts";

const naming = z.union([z.object({ id: z.string() }), z.object({ name: z.string() })]);

const tokenRequest = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.tuple([z.literal("password")]),
      password: z.object({
        user: z.union([
          z.object({ name: z.string(), password: z.string(), domain: naming }),
          z.object({ id: z.string(), password: z.string() }),
        ]),
      }),
    }),
    scope: z.union([z.object({ project: naming }), z.object({ domain: naming })]).optional(),
  }),
});

const duration = z.int().min(900).max(86_400).default(900);

const roleRequest = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.tuple([z.literal("assume_role")]),
      assume_role: z.union([
        z.object({ domain_name: z.string(), agency_name: z.string(), duration_seconds: duration }),
        z.object({ domain_id: z.string(), agency_name: z.string(), duration_seconds: duration }),
      ]),
    }),
  }),
});

const agencyRequest = z.object({
  agency_urn: z.string(),
  agency_session_name: z.string().min(1),
  duration_seconds: duration,
});

/** `POST /v3/auth/tokens`: a token by user name or id and password, for a project or for the domain. */
export const issueToken: Handler = ({ body }, { account, authenticator, now }) => {
  const request = parse(tokenRequest, body);
  if (request === undefined) return iamError(400, "The request body is invalid.");
  const { identity, scope } = request.auth;
  const { user } = identity.password;
  const known = isNamed(user, account.user) && (!("domain" in user) || isNamed(user.domain, account.domain));
  if (!known || user.password !== account.user.password)
    return iamError(401, "The username or password is wrong.");
  const wanted = scope !== undefined && "project" in scope ? scope.project : undefined;
  const project = wanted && account.projects.find((candidate) => isNamed(wanted, candidate));
  if (wanted !== undefined && project === undefined) return iamError(404, "Could not find project.");
  if (scope !== undefined && "domain" in scope && !isNamed(scope.domain, account.domain)) {
    return iamError(404, "Could not find domain.");
  }
  const { token, expiresAt } = authenticator.issueToken(project?.id, account.tokenSeconds);
  const { id, name } = account.user;
  return {
    status: 201,
    headers: { "X-Subject-Token": token },
    body: {
      token: {
        methods: ["password"],
        issued_at: iamTime(now()),
        expires_at: iamTime(expiresAt),
        user: { id, name, domain: account.domain },
        ...(project === undefined
          ? { domain: account.domain }
          : { project: { ...project, domain: account.domain } }),
      },
    },
  };
};

/** `GET /v3/projects`, all of them or those of one name. */
export const listProjects: Handler = ({ query }, { account }) => {
  const name = query.get("name");
  const { domain, projects } = account;
  const found = projects.filter((project) => name === null || project.name === name);
  const views = found.map((project) => ({ ...project, domain_id: domain.id, enabled: true }));
  return ok({ projects: views, links: {} });
};

/** `POST /v3.0/OS-CREDENTIAL/securitytokens`: temporary keys of an agency (the older way of assuming a role). */
export const issueSecurityToken: Handler = ({ body }, { account, authenticator }) => {
  const role = parse(roleRequest, body)?.auth.identity.assume_role;
  if (role === undefined) return iamError(400, "The request body is invalid.");
  const domain = "domain_id" in role ? { id: role.domain_id } : { name: role.domain_name };
  if (!isNamed(domain, account.domain) || role.agency_name !== account.agency) {
    return iamError(403, "You are not authorized to assume this agency.");
  }
  const key = authenticator.issueTemporaryKey(role.duration_seconds);
  return { status: 201, body: credentialBody(key) };
};

/** `POST /v5/agencies/assume` of STS: temporary keys of an agency (the newer way of assuming a role). */
export const assumeAgency: Handler = ({ body }, { account, authenticator }) => {
  const request = parse(agencyRequest, body);
  if (request === undefined) return iamError(400, "The request body is invalid.");
  if (request.agency_urn !== `iam::${account.domain.id}:agency:${account.agency}`) {
    return iamError(403, "You are not authorized to assume this agency.");
  }
  const key = authenticator.issueTemporaryKey(request.duration_seconds);
  return ok({
    credentials: {
      access_key_id: key.accessKey,
      secret_access_key: key.secretKey,
      security_token: key.securityToken,
      expiration: iamTime(key.expiresAt),
    },
  });
};

/** Temporary keys as IAM and the metadata service hand them out. */
export function credentialBody({ accessKey, secretKey, securityToken, expiresAt }: TemporaryKey): object {
  const expires_at = iamTime(expiresAt);
  return { credential: { access: accessKey, secret: secretKey, securitytoken: securityToken, expires_at } };
}

/** IAM's spelling of a time: `2020-01-08T02:56:19.587000Z`. */
function iamTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000Z");
}

function isNamed(naming: { readonly id: string } | { readonly name: string }, known: Named): boolean {
  return "id" in naming ? naming.id === known.id : naming.name === known.name;
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
