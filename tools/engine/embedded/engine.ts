import type { Engine } from "../types.ts";
import { EmbeddedStack } from "./stack.ts";

/**
 * A small Pulumi engine for tests and first steps where no Pulumi CLI is to be had. It runs the program and its
 * dynamic providers for real, with @pulumi/pulumi's own processes, and keeps the CLI's rules for dynamic
 * resources, components, stack references and secrets. It knows no other packages, no functions, transforms, hooks,
 * imports or policies.
 */
export const embeddedEngine: Engine = {
  name: "embedded engine",
  kind: "embedded",
  openStack: (options) => EmbeddedStack.open(options),
};
