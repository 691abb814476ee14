import { declarationOf } from "../../../provider/nodePoolSync/declaration.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";

/** The state of a pool whose nodes all have what these inputs declare. */
export function syncedState(inputs: Inputs): State {
  return {
    inputs,
    progress: { status: "synced", failedNodes: [], outdatedNodeIds: [] },
    record: {
      version: 2,
      endpoint: "https://cce.example.com",
      projectId: "p",
      base: declarationOf(inputs).content,
      off: [],
      owed: {},
      tolerated: [],
    },
  };
}
