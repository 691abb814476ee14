import { parseJson } from "../util/json.ts";
import { bareName, closest } from "../util/resemblance.ts";
import { sanitize } from "../util/sanitize.ts";
import {
  limits,
  namespaces,
  records,
  type Setting,
  type SettingDefinition,
  settings,
} from "./definitions.ts";
import { instanceInputs } from "./instanceInputs.ts";
import type { Configuration } from "./sources.ts";

/** Keys of the vendor's own provider that are none of ours, and spelled much like one. */
const foreignKeys = new Set(["huaweicloud:regional"]);

/** Ways of the vendor's providers to assume a role that are not offered here. */
const identityProviders = {
  keys: ["huaweicloud:assumeRoleWithOidc", "huaweicloud:assume_role_with_oidc"],
  variables: ["HW_ASSUME_ROLE_IDP_ID", "HW_ASSUME_ROLE_ID_TOKEN", "HW_ASSUME_ROLE_ID_TOKEN_FILE"],
} as const;

/** The keys by which only the plugin reads settings, with those of the same settings here. */
const keyOfPluginKey = new Map(
  instanceInputs()
    .filter(({ key }) => key.startsWith(namespaces.settings))
    .map(({ name, key }) => [namespaces.limits + name, key] as const),
);

const ownPrefix = "CCE_NODEPOOL_SYNC_";

const knownKeys = [
  ...Object.entries<SettingDefinition>(settings).flatMap(([key, { aliases = [] }]) =>
    [key, ...aliases].map((name) => namespaces.settings + name),
  ),
  ...Object.keys({ ...limits, ...records }).map((name) => namespaces.limits + name),
];
/** The setting of the vendor's namespace that each of its variables holds. */
const settingOf = new Map(
  (Object.entries(settings) as [Setting, SettingDefinition][]).flatMap(([setting, { variables }]) =>
    variables.map((variable) => [variable, setting] as const),
  ),
);
const knownVariables = [
  ...settingOf.keys(),
  ...Object.values({ ...limits, ...records }).flatMap(({ variables }): readonly string[] => variables),
];

/**
 * Finds configuration that is there and would not be read, although it is meant for this package: keys and variables in
 * another spelling. Everything else may well be for somebody else: the namespace is the vendor's provider's too.
 * @param readsEnvironment whether the environment says who authenticates.
 * @param isSet whether a setting has a value: then a variable whose name is much like its own is somebody else's.
 * @returns one sentence for each; no value is in it.
 */
export function findUnread(
  { config, configKeys = [], environment }: Configuration,
  readsEnvironment: boolean,
  isSet: (setting: Setting) => boolean,
): string[] {
  const problems: string[] = [];
  for (const key of configKeys.filter((name) => (config(name) ?? "") !== "")) {
    const advice = adviceFor(key) ?? pluginAdvice(key, config);
    if (advice !== undefined)
      problems.push(`Pulumi config ${sanitize(key, 80)}: is not a known key; ${advice}`);
  }
  const keys = identityProviders.keys.filter((key) => config(key));
  const variables = identityProviders.variables.filter((name) => readsEnvironment && environment[name]);
  if (keys.length + variables.length > 0) {
    const names = [...keys, ...variables].join(", ");
    problems.push(
      `assumeRole: ${names}: identity providers are not supported; remove it, and use another way to authenticate`,
    );
  }
  for (const name of Object.keys(environment)) {
    const meant = variableMeantBy(name, (setting) => readsEnvironment && !isSet(setting));
    if (meant !== undefined && environment[name])
      problems.push(`environment ${name}: is not a known variable; did you mean ${meant}?`);
  }
  return problems;
}

function adviceFor(key: string): string | undefined {
  const topLevel = knownKeys.map((known) => known.split(".")[0] ?? known);
  if (topLevel.includes(key) || foreignKeys.has(key)) return undefined;
  const known = [...knownKeys, ...topLevel];
  const meant =
    sameName(key, known) ??
    closest(
      key,
      known.filter((name) => name.split(":")[0] === key.split(":")[0]),
      typingErrors,
    );
  if (meant === undefined && /^huaweicloud:endpoints\./.test(key))
    return "set it as a part of huaweicloud:endpoints, with `pulumi config set --path`";
  if (meant?.includes(".")) return `set it with \`pulumi config set --path ${meant}\``;
  return meant && `did you mean ${meant}?`;
}

/** Of a stack whose configuration the plugin reads too, what has no value for the npm package. */
function pluginAdvice(key: string, config: Configuration["config"]): string | undefined {
  const own = keyOfPluginKey.get(key);
  if (own === undefined || config(own.split(".")[0] ?? own)) return undefined;
  return `it is the plugin's, and the npm package reads ${own}`;
}

/**
 * The variable that is meant by one of another name. Other tools have variables under the vendor's prefixes too, with
 * names that are much like ours: only where a setting has no value does one of these stand for it, and never one with
 * more words (`HW_PROJECT_ID_2`), which is no mistake.
 */
function variableMeantBy(name: string, isWanted: (setting: Setting) => boolean): string | undefined {
  if (!/^(HW|OS|CCE_?NODE_?POOL_?SYNC)_/i.test(name) || knownVariables.includes(name)) return undefined;
  const same = sameName(name, knownVariables);
  if (same !== undefined) return same;
  if (name.startsWith(ownPrefix))
    return closest(
      name,
      knownVariables.filter((known) => known.startsWith(ownPrefix)),
      typingErrors,
    );
  const wanted = knownVariables.filter((known) => {
    const setting = known.startsWith("HW_") ? settingOf.get(known) : undefined;
    return setting !== undefined && isWanted(setting);
  });
  const wordsOf = (known: string) => known.split("_").length;
  const alike = wanted.filter((known) => wordsOf(known) === wordsOf(name));
  const begun = wanted.filter((known) => known.slice(0, known.lastIndexOf("_")) === name);
  return closest(name, alike, typingErrors) ?? (begun.length === 1 ? begun[0] : undefined);
}

/** The known name that is the same but for case and separators. */
function sameName(name: string, known: readonly string[]): string | undefined {
  return known.find((candidate) => bareName(candidate) === bareName(name));
}

/** How many mistakes may be in the name of a setting: few, since other names may be somebody else's. */
function typingErrors(known: string): number {
  const { length } = bareName(known.replace(/^.*:/, "").replace(ownPrefix, "").replace(/^HW_/, ""));
  return length < 4 ? 0 : length < 6 ? 1 : 2;
}

/** What a setting that is a JSON object may hold. */
export interface Parts {
  readonly known: readonly string[];
  /** The JavaScript types that a part may have; null stands for a part that is left out. */
  readonly types: readonly ("string" | "number")[];
  /**
   * Given where the object is for somebody else too: their parts whose names are much like a known one. A part that is
   * not like any known one is then left alone.
   */
  readonly foreign?: readonly string[];
}

/** Finds what is wrong with a JSON object: another shape, and parts that are not known; no value is in it. */
export function partFaults(text: string, { known, types, foreign }: Parts): string[] {
  const parsed = parseJson(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return ["must be a JSON object"];
  return Object.entries(parsed).flatMap(([part, value]) => {
    if (known.includes(part)) {
      const isFine = value === null || types.some((type) => type === typeof value);
      return isFine ? [] : [`must have a ${types.join(" or ")} as its part ${part}`];
    }
    const meant = sameName(part, known) ?? closest(part, known, ({ length }) => (length < 6 ? 1 : 2));
    if (foreign !== undefined && (meant === undefined || foreign.includes(part))) return [];
    const advice = meant === undefined ? "" : `; did you mean ${meant}?`;
    return [`has the part ${sanitize(part, 40)}, which is none of ${known.join(", ")}${advice}`];
  });
}
