import { distance } from "fastest-levenshtein";
import { parseJson } from "../util/json.ts";
import { sanitize } from "../util/sanitize.ts";
import { limits, namespaces, records, type SettingDefinition, settings } from "./definitions.ts";
import type { Configuration } from "./sources.ts";

/** Keys of the vendor's own provider that are none of ours, and spelled much like one. */
const foreignKeys = new Set(["huaweicloud:regional"]);

/** Ways of the vendor's providers to assume a role that are not offered here. */
const identityProviders = {
  keys: ["huaweicloud:assumeRoleWithOidc", "huaweicloud:assume_role_with_oidc"],
  variables: ["HW_ASSUME_ROLE_IDP_ID", "HW_ASSUME_ROLE_ID_TOKEN", "HW_ASSUME_ROLE_ID_TOKEN_FILE"],
} as const;

const ownPrefix = "CCE_NODEPOOL_SYNC_";

const knownKeys = [
  ...Object.entries<SettingDefinition>(settings).flatMap(([key, { aliases = [] }]) =>
    [key, ...aliases].map((name) => namespaces.settings + name),
  ),
  ...Object.keys({ ...limits, ...records }).map((name) => namespaces.limits + name),
];
const knownVariables: readonly string[] = [
  ...Object.values(settings).flatMap(({ variables }) => variables),
  ...Object.values({ ...limits, ...records }).flatMap(({ variables }) => variables),
];

/**
 * Finds configuration that is there and would not be read, although it is meant for this package: keys and variables in
 * another spelling. Everything else may well be for somebody else: the namespace is the vendor's provider's too.
 * @param readsEnvironment whether the environment says who authenticates.
 * @param problems takes one sentence for each; no value is in it.
 */
export function findUnread(
  { config, configKeys = [], environment }: Configuration,
  readsEnvironment: boolean,
  problems: string[],
): void {
  for (const key of configKeys.filter((name) => (config(name) ?? "") !== "")) {
    const advice = adviceFor(key);
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
  for (const [name, value] of Object.entries(environment)) {
    const meant = value && variableMeantBy(name);
    if (meant) problems.push(`environment ${name}: is not a known variable; did you mean ${meant}?`);
  }
}

function adviceFor(key: string): string | undefined {
  const topLevel = knownKeys.map((known) => known.split(".")[0] ?? known);
  if (topLevel.includes(key) || foreignKeys.has(key)) return undefined;
  const meant = nearestTo(key, [...knownKeys, ...topLevel], sameNamespace);
  if (meant === undefined && /^huaweicloud:endpoints\./.test(key))
    return "set it as a part of huaweicloud:endpoints, with `pulumi config set --path`";
  if (meant?.includes(".")) return `set it with \`pulumi config set --path ${meant}\``;
  return meant && `did you mean ${meant}?`;
}

function variableMeantBy(name: string): string | undefined {
  if (!/^(HW|OS|CCE_?NODE_?POOL_?SYNC)_/i.test(name) || knownVariables.includes(name)) return undefined;
  // Other tools have variables of their own under the vendor's prefixes.
  return nearestTo(
    name,
    knownVariables,
    (given, known) => given.startsWith(ownPrefix) && known.startsWith(ownPrefix),
  );
}

/**
 * The known name that is the same but for case and separators, else one that is a typing error away.
 * @param mayBeTypo whether two names may be compared for typing errors.
 */
function nearestTo(
  name: string,
  known: readonly string[],
  mayBeTypo: (name: string, known: string) => boolean,
): string | undefined {
  const bare = bareName(name);
  const same = known.find((candidate) => bareName(candidate) === bare);
  if (same !== undefined) return same;
  return known.find((candidate) => {
    if (!mayBeTypo(name, candidate)) return false;
    const local = bareName(candidate.replace(/^.*:/, "").replace(ownPrefix, ""));
    const far = distance(bare, bareName(candidate));
    return far <= (local.length < 5 ? 0 : local.length < 8 ? 1 : 2);
  });
}

function sameNamespace(key: string, known: string): boolean {
  return key.split(":")[0] === known.split(":")[0];
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[\s_.:-]/g, "");
}

/** What a setting that is a JSON object may hold. */
export interface Parts {
  readonly known: readonly string[];
  /** The JavaScript types that a part may have; null stands for a part that is left out. */
  readonly types: readonly ("string" | "number")[];
  /** Whether it may have other parts, which are for somebody else. */
  readonly isOpen?: boolean;
}

/** Finds what is wrong with a JSON object: another shape, and parts in another spelling; no value is in it. */
export function partFaults(text: string, { known, types, isOpen = false }: Parts): string[] {
  const parsed = parseJson(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return ["must be a JSON object"];
  return Object.entries(parsed).flatMap(([part, value]) => {
    if (known.includes(part)) {
      const isFine = value === null || types.some((type) => type === typeof value);
      return isFine ? [] : [`must have a ${types.join(" or ")} as its part ${part}`];
    }
    const meant = nearestTo(part, known, () => !isOpen);
    if (meant === undefined && isOpen) return [];
    const advice = meant ? `did you mean ${meant}?` : `the parts are ${known.join(", ")}`;
    return [`has the part ${sanitize(part, 40)}, which is not known; ${advice}`];
  });
}
