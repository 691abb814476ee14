import { salt } from "./password.ts";
import type { Inputs, NodeTemplate } from "./schema.ts";

/** The body of a sync request, in the API's own names. */
export interface SyncBody {
  readonly spec: Record<string, unknown>;
}

/**
 * The path of a sync request. Every part is escaped, so that an id can never become another path.
 */
export function syncPath(projectId: string, clusterId: string, nodePoolId: string): string {
  return `${clusterPath(projectId, clusterId)}/nodepools/${encodeURIComponent(nodePoolId)}/operation/upgrade`;
}

/** The path under which everything of a cluster is found. */
export function clusterPath(projectId: string, clusterId: string): string {
  return `/api/v3/projects/${encodeURIComponent(projectId)}/clusters/${encodeURIComponent(clusterId)}`;
}

/**
 * The body of a sync request: `spec` and nothing else, and in it only what was given. A plain password is salted
 * afresh in each body.
 * @param nodeIds the nodes to name in place of the inputs' own, when fewer are left to do.
 */
export function syncBody(inputs: Inputs, nodeIds: readonly string[] | undefined = inputs.nodeIds): SyncBody {
  return {
    spec: given({
      maxUnavailable: inputs.maxUnavailable,
      nodeIDs: nodeIds,
      nodePoolID: inputs.nodePoolId,
      nodeTemplate: inputs.nodeTemplate && templateBody(inputs.nodeTemplate),
      force: inputs.force,
      retryTimes: inputs.retryTimes,
      skippedNodes: inputs.skippedNodes,
      validateStorage: inputs.validateStorage,
    }),
  };
}

function templateBody({ lifeCycle, login, volumeConfig }: NodeTemplate): Record<string, unknown> {
  const { sshKey, userPassword } = login;
  return given({
    lifeCycle: given({ ...lifeCycle }),
    login: given({
      sshKey,
      userPassword: userPassword && {
        username: userPassword.username,
        password: salt(userPassword.password),
      },
    }),
    volumeConfig: volumeConfig && given({ ...volumeConfig }),
  });
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
