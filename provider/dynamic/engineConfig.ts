import { instanceKey } from "../config/instanceInputs.ts";
import type { Configuration } from "../config/sources.ts";

/** The configuration as Pulumi's dynamic server hands it over: that of the stack, or of a provider instance. */
export interface EngineConfig {
  get(key: string): unknown;
}

/** What the engine has configured, for the service. */
export function readEngineConfig(config: EngineConfig): Omit<Configuration, "environment"> {
  const get = (key: string) => textOf(config.get(key));
  // A private member of Pulumi's class, and the only way to see a key in a spelling that nobody thought of.
  const { rawConfig } = config as { rawConfig?: object };
  return { config: get, configKeys: Object.keys(rawConfig ?? {}), instance: get(instanceKey) };
}

/** Every value is a text, except that a program can give a provider resource of its own whatever it likes. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
