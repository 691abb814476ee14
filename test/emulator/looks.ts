import type { Scene } from "./client.ts";

/** The nodes of the first cluster, as ListNodes shows them. */
export async function nodesOf(scene: Scene) {
  return (await scene.get(scene.path("/nodes"))).json.items;
}

/** The phases of the same nodes. */
export async function phases(scene: Scene): Promise<string[]> {
  const nodes = await nodesOf(scene);
  return nodes.map(({ status }: { status: { phase: string } }) => status.phase);
}

/** The first pool, as ShowNodePool shows it. */
export async function pool(scene: Scene) {
  return (await scene.get(scene.path(`/nodepools/${scene.poolId}`))).json;
}

/** The answer of ShowJob. */
export async function job(scene: Scene, id: string) {
  return scene.get(`/api/v3/projects/${scene.emulator.projectId}/jobs/${id}`);
}

/** The status of the pool's condition for syncs; undefined when it has none. */
export function synchronizing({ status }: { status: { conditions: { type: string; status: string }[] } }) {
  return status.conditions.find(({ type }) => type === "ConfigurationSynchronizing")?.status;
}
