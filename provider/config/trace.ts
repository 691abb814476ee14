import { namespaces, records } from "./definitions.ts";
import type { Configuration } from "./sources.ts";

const key = `${namespaces.limits}trace`;
const [variable] = records.trace.variables;

/** The setting that asks for a trace, in words. */
export const traceSetting = `Pulumi config ${key}, environment ${variable}`;

/** The path of the trace's file (Pulumi config, then the environment); undefined when nobody asks for one. */
export function readTracePath({ config, environment }: Configuration): string | undefined {
  return config(key) || environment[variable] || undefined;
}
