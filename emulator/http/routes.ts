import type { CallKind } from "../cluster/requestLog.ts";
import { assumeAgency, issueSecurityToken, issueToken, listProjects } from "./iam.ts";
import { issueMetadataToken, showSecurityKey } from "./metadata.ts";
import { listNodes, listPools, showCluster, showJob, showNode, showPool } from "./reads.ts";
import type { Handler } from "./serviceContext.ts";
import { synchronize } from "./sync.ts";

/** One call of the service. */
export interface Route {
  readonly kind: CallKind;
  readonly method: string;
  /** Parts that begin with a colon stand for any text. */
  readonly path: string;
  readonly handler: Handler;
  /** Whether it is served without a credential. */
  readonly open?: boolean;
  /** The header of its answers that holds the request's id; default `X-Request-Id`. */
  readonly idHeader?: string;
}

const project = "/api/v3/projects/:project";
const cluster = `${project}/clusters/:cluster`;
const pool = `${cluster}/nodepools/:pool`;
const ofIam = { idHeader: "X-IAM-Trace-Id" } as const;

/** The calls that the emulator serves, by the service's own paths. */
const routes: readonly Route[] = [
  { kind: "sync", method: "POST", path: `${pool}/operation/upgrade`, handler: synchronize },
  { kind: "pools", method: "GET", path: `${cluster}/nodepools`, handler: listPools },
  { kind: "pool", method: "GET", path: pool, handler: showPool },
  { kind: "nodes", method: "GET", path: `${cluster}/nodes`, handler: listNodes },
  { kind: "node", method: "GET", path: `${cluster}/nodes/:node`, handler: showNode },
  { kind: "cluster", method: "GET", path: cluster, handler: showCluster },
  { kind: "job", method: "GET", path: `${project}/jobs/:job`, handler: showJob },
  { kind: "token", method: "POST", path: "/v3/auth/tokens", handler: issueToken, open: true, ...ofIam },
  { kind: "projects", method: "GET", path: "/v3/projects", handler: listProjects, ...ofIam },
  {
    kind: "agency",
    method: "POST",
    path: "/v3.0/OS-CREDENTIAL/securitytokens",
    handler: issueSecurityToken,
    ...ofIam,
  },
  { kind: "agency", method: "POST", path: "/v5/agencies/assume", handler: assumeAgency, ...ofIam },
  {
    kind: "metadata",
    method: "GET",
    path: "/openstack/latest/securitykey",
    handler: showSecurityKey,
    open: true,
  },
  {
    kind: "metadata",
    method: "PUT",
    path: "/meta-data/latest/api/token",
    handler: issueMetadataToken,
    open: true,
  },
];

/** The route of a request, with the decoded parts of its path. */
export function findRoute(
  method: string,
  path: string,
): { readonly route: Route; readonly parts: Readonly<Record<string, string>> } | undefined {
  const given = path.split("/");
  for (const route of routes) {
    const parts = route.method === method ? matchParts(route.path.split("/"), given) : undefined;
    if (parts !== undefined) return { route, parts };
  }
  return undefined;
}

function matchParts(
  expected: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  if (expected.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, name] of expected.entries()) {
    const value = given[index] ?? "";
    if (name.startsWith(":")) parts[name.slice(1)] = decode(value);
    else if (name !== value) return undefined;
  }
  return parts;
}

/** A malformed escape stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
