import { interfaceText } from "./programTypes.ts";
import { lookUp, poolNode } from "./schemas.ts";

/** The text of sdk/getNodePoolArgs.ts: the arguments and the result of the function that looks a pool up. */
export function lookUpTypes(): string {
  const { args, result } = lookUp;
  const parts = [
    "// Generated from provider/nodePoolSync/poolLookUp.ts by `npm run generate`; do not edit.",
    "",
    'import type { Input } from "@pulumi/pulumi";',
    "",
    interfaceText("GetNodePoolArgs", args, "outputs", "The arguments of getNodePool."),
    interfaceText("GetNodePoolOutputArgs", args, "args", "The arguments of getNodePoolOutput."),
    interfaceText(poolNode.typeName ?? "", poolNode, "outputs", poolNode.description),
    interfaceText("GetNodePoolResult", result, "outputs", "A node pool, as the service shows it."),
  ];
  return `${parts.join("\n").trimEnd()}\n`;
}
