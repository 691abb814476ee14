import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import type { Edit } from "./edits.ts";
import type { Tale } from "./tale.ts";

/** A user takes ids out of the program that are not nodes of the pool any more. */
export function dropStrangers(tale: Tale): void {
  const { declared, pool } = tale;
  if (declared.nodeIds === undefined) return;
  const ids = new Set(pool.nodes().map(({ id }) => id));
  const left = declared.nodeIds.filter((id) => ids.has(id));
  tale.declared = { ...declared, nodeIds: left.length > 0 ? left : undefined };
}

/** Edits the program. */
export function edit(tale: Tale, edit: Edit): void {
  tale.declared = { ...tale.declared, ...changeOf(tale, edit) };
}

function changeOf({ pool, harness: { emulator } }: Tale, edit: Edit): Partial<Inputs> {
  if (edit.kind === "triggers") return { triggers: [edit.value] };
  if (edit.kind === "template") return { nodeTemplate: templateWith(edit.script) };
  // Only who waits can go on with the next wave.
  if (edit.kind === "manner")
    return edit.inputs.wait === false ? { ...edit.inputs, rollout: undefined } : edit.inputs;
  if (edit.kind === "address") return { region: emulator.region, endpoint: emulator.url };
  const nodes = pool.nodes();
  const ids = [...new Set(edit.nodes.map((place) => nodes[place % nodes.length]?.id ?? ""))].sort();
  return { nodeIds: undefined, excludeNodeIds: undefined, ...(ids.length > 0 ? { [edit.as]: ids } : {}) };
}

function templateWith(preInstall: string | undefined): Inputs["nodeTemplate"] {
  if (preInstall === undefined) return undefined;
  return {
    lifeCycle: { preInstall },
    login: { userPassword: { username: "root", password: "Canary-7-plain" } },
  };
}
