import type { SettingDefinition } from "../config/definitions.ts";
import { readEndpoints } from "../config/endpoints.ts";
import { readLimits } from "../config/limits.ts";
import { type Configuration, configSources } from "../config/sources.ts";
import { readTransport } from "../config/transport.ts";
import { parseJson } from "../util/json.ts";
import { closest } from "../util/resemblance.ts";
import { containsUnknown, isUnknown } from "../util/unknowns.ts";
import { type Properties, wireSecret } from "../util/wire.ts";
import { instanceSettings, pluginName } from "./settings.ts";

/** What the engine adds to the configuration of a provider instance. */
const engineKeys = ["version", "pluginDownloadURL"];

/**
 * Validates the configuration of a provider instance, without asking anybody: all problems at once, each beginning with
 * the name of the setting. What is not known yet is passed over. No secret is in a problem.
 * @param instance as of {@link configurationOf}.
 */
export function configurationProblems(
  given: Properties,
  environment: Configuration["environment"],
  instance?: string,
): string[] {
  const problems = Object.entries(given).flatMap(([name, value]) => {
    const problem = engineKeys.includes(name) ? undefined : problemOf(name, value);
    return problem === undefined ? [] : [problem];
  });
  if (problems.length > 0 || containsUnknown(given)) return problems;
  const configuration = configurationOf(given, environment, instance);
  const sources = configSources(configuration);
  readEndpoints(sources, problems);
  readTransport(sources, configuration, readLimits(configuration, problems), problems);
  return problems;
}

/** The configuration to record: secrets are marked, whatever the program said of them. */
export function withSecrets(given: Properties): Properties {
  const entries = Object.entries(given).map(([name, value]) => {
    const isSecret = instanceSettings[name]?.secret === true && value !== null;
    return [name, isSecret ? wireSecret(value) : value];
  });
  return Object.fromEntries(entries);
}

/**
 * The configuration as the service reads it. The environment is that of the process, and comes after it.
 * @param instance the name of the provider instance, for messages; undefined for the one that no program has made.
 */
export function configurationOf(
  given: Properties,
  environment: Configuration["environment"],
  instance?: string,
): Configuration {
  const texts = new Map<string, string>();
  const parts = new Map<string, Record<string, string>>();
  for (const [name, { key }] of Object.entries(instanceSettings)) {
    const text = textOf(given[name]);
    if (text === undefined) continue;
    const [whole = key, part] = key.split(".");
    if (part === undefined) texts.set(key, text);
    else parts.set(whole, { ...parts.get(whole), [part]: text });
  }
  for (const [whole, values] of parts) texts.set(whole, JSON.stringify(values));
  const config = (key: string) => texts.get(key);
  if (instance !== undefined) return { config, instance, environment };
  return { config, instance: pluginName, instanceNamespace: `${pluginName}:`, environment };
}

function problemOf(name: string, value: unknown): string | undefined {
  const definition = Object.hasOwn(instanceSettings, name) ? instanceSettings[name] : undefined;
  if (definition === undefined) {
    const names = Object.keys(instanceSettings);
    const meant = closest(name, names);
    return `${name}: is not a setting${meant === undefined ? `; the settings are ${names.join(", ")}` : `; did you mean ${meant}?`}`;
  }
  if (value === null || isUnknown(value)) return undefined;
  const wanted = mismatch(definition, value);
  return wanted === undefined ? undefined : `${name}: must be ${wanted}`;
}

/** What the value should be and is not. Programs send native values, SDKs and stack configuration send texts. */
function mismatch({ type = "string" }: SettingDefinition, value: unknown): string | undefined {
  if (type === "addresses") {
    const map = typeof value === "string" ? parseJson(value) : value;
    const isMap = typeof map === "object" && map !== null && !Array.isArray(map);
    const isRight = value === "" || (isMap && Object.values(map).every((url) => typeof url === "string"));
    return isRight ? undefined : 'a map of addresses such as {"cce": "https://…"}';
  }
  if (typeof value === "string") return undefined;
  if (type === "boolean") return typeof value === "boolean" ? undefined : "true or false";
  if (type === "string") return "a string";
  return typeof value === "number" ? undefined : "a number";
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
