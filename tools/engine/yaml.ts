import { createRequire } from "node:module";

/** js-yaml as @pulumi/pulumi has it: it is a dependency of the SDK and none of ours. */
const { load }: { load(text: string): unknown } = createRequire(
  createRequire(import.meta.url).resolve("@pulumi/pulumi"),
)("js-yaml");

/** Reads a YAML file that holds keys and values. Throws with the path in the message when it does not. */
export function parseYaml(path: string, text: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = load(text);
  } catch (error) {
    throw new Error(`${path} is not valid YAML: ${(error as Error).message}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new Error(`${path} must hold keys and values`);
  }
  return content as Record<string, unknown>;
}
