/** Paths of the service. Every part is escaped, so that an id can never become another path. */

const projectPath = (projectId: string) => `/api/v3/projects/${encodeURIComponent(projectId)}`;

/** The path under which everything of a cluster is found. */
export function clusterPath(projectId: string, clusterId: string): string {
  return `${projectPath(projectId)}/clusters/${encodeURIComponent(clusterId)}`;
}

/** The path of a sync request. */
export function syncPath(projectId: string, clusterId: string, nodePoolId: string): string {
  return `${clusterPath(projectId, clusterId)}/nodepools/${encodeURIComponent(nodePoolId)}/operation/upgrade`;
}

/** The path of one node. */
export function nodePath(projectId: string, clusterId: string, nodeId: string): string {
  return `${clusterPath(projectId, clusterId)}/nodes/${encodeURIComponent(nodeId)}`;
}

/** The path of a job, which belongs to no cluster. */
export function jobPath(projectId: string, jobId: string): string {
  return `${projectPath(projectId)}/jobs/${encodeURIComponent(jobId)}`;
}
