import { type Credential, findCredential } from "./cce/credentials.ts";
import { cloudOf, endpointFault } from "./cce/endpoint.ts";
import { ConfigurationError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { inputsSchema } from "./schema.ts";

/** Where configuration comes from: the stack's Pulumi configuration and the environment. */
export interface Sources {
  /** A value of the stack's configuration by its full key, such as `huaweicloud:region`. */
  readonly config: (key: string) => string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The inputs that override the configuration. */
export interface Overrides {
  readonly region?: string;
  readonly projectId?: string;
  readonly endpoint?: string;
}

/** How to reach the service, complete but for a project id that has to be looked up. */
export interface Settings {
  /** Origin of the CCE service, such as `https://cce.eu-west-101.myhuaweicloud.eu`. */
  readonly endpoint: string;
  /** Origin of the identity service (IAM); undefined when neither a region nor an address is known. */
  readonly iamEndpoint?: string;
  readonly credential: Credential;
  /** The project's id; undefined when it has to be looked up by {@link projectName}. */
  readonly projectId?: string;
  /** The project's name, by default that of the region. */
  readonly projectName?: string;
  readonly pace: Pace;
}

/** How fast requests may follow each other. */
export interface Pace {
  /** Seconds between two looks at a cluster at first; grows to three times as much. Default 5. */
  readonly pollInterval: number;
  /** Requests that read, a second. Default 20. */
  readonly readsPerSecond: number;
  /** Requests that change something, a minute. Default 10, the limit seen at the service for each user. */
  readonly writesPerMinute: number;
}

/** One value that was looked for, and every place where that was done. */
interface Found {
  readonly value?: string;
  readonly places: string;
}

/**
 * Brings together what the resource's inputs, the stack's configuration and the environment say; in this order,
 * the first place that has a value wins. Names are those of the vendor's own Pulumi and Terraform providers.
 * @throws ConfigurationError with everything that is missing or contradicts itself. Nothing is sent.
 */
export function resolveSettings(overrides: Overrides, sources: Sources): Settings {
  const problems: string[] = [];
  const region = look("region", overrides.region, sources, ["HW_REGION_NAME", "OS_REGION_NAME"]);
  const misnamed = region.value !== undefined && !inputsSchema.shape.region.safeParse(region.value).success;
  if (misnamed) {
    problems.push(`region: must be a region such as eu-west-101 (looked at: ${region.places})`);
  }
  const endpoints = endpointMap(sources, problems);
  const cloud = look("cloud", undefined, sources, ["HW_CLOUD"]).value;
  const address = (service: string) => {
    if (region.value === undefined || misnamed) return undefined;
    return `https://${service}.${region.value}.${cloud ?? cloudOf(region.value)}`;
  };
  const endpoint = overrides.endpoint ?? endpoints.cce ?? address("cce");
  const iamEndpoint = endpoints.iam ?? address("iam");
  if (endpoint === undefined && !misnamed) {
    problems.push(`region: not found; looked at: ${region.places} (an endpoint for cce would do as well)`);
  }
  for (const [name, origin] of [
    ["cce", endpoint],
    ["iam", iamEndpoint],
  ] as const) {
    const fault = origin === undefined ? undefined : endpointFault(origin);
    if (fault !== undefined) problems.push(`endpoint of ${name}: ${fault}`);
  }
  const projectId = look("projectId", overrides.projectId, sources, ["HW_PROJECT_ID", "OS_PROJECT_ID"]);
  const projectName = look("projectName", undefined, sources, ["HW_PROJECT_NAME", "OS_PROJECT_NAME"]);
  const [fault] = inputsSchema.shape.projectId.safeParse(projectId.value).error?.issues ?? [];
  if (fault !== undefined) {
    problems.push(`projectId: ${fault.message} (looked at: ${projectId.places})`);
  }
  const findable = iamEndpoint !== undefined && region.value !== undefined;
  if (projectId.value === undefined && !findable && !misnamed) {
    problems.push(
      `projectId: not found, and without a region it cannot be looked up; looked at: ${projectId.places}`,
    );
  }
  const credential = findCredential(sources, problems);
  const pace = readPace(sources, problems);
  if (problems.length > 0 || endpoint === undefined || credential === undefined) {
    throw new ConfigurationError(problems);
  }
  return {
    endpoint: new URL(endpoint).origin,
    iamEndpoint: iamEndpoint === undefined ? undefined : new URL(iamEndpoint).origin,
    credential,
    projectId: projectId.value,
    projectName: projectName.value ?? region.value,
    pace,
  };
}

/** Looks a value up in an input, in the configuration key of the same name and in environment variables. */
function look(
  name: string,
  input: string | undefined,
  { config, environment }: Sources,
  variables: readonly string[],
): Found {
  const places = `input ${name}, Pulumi config huaweicloud:${name}, environment ${variables.join(", ")}`;
  const candidates = [
    input,
    config(`huaweicloud:${name}`),
    ...variables.map((variable) => environment[variable]),
  ];
  return { value: candidates.find((value) => value !== undefined && value !== ""), places };
}

/** Addresses that replace the ones made from the region, by service: a JSON object such as `{"cce": "https://…"}`. */
function endpointMap(
  { config, environment }: Sources,
  problems: string[],
): Record<string, string | undefined> {
  const places: [string, string | undefined][] = [
    ["Pulumi config huaweicloud:endpoints", config("huaweicloud:endpoints")],
    ["environment HW_ENDPOINTS", environment.HW_ENDPOINTS],
  ];
  const [place, text] = places.find(([, value]) => value !== undefined && value !== "") ?? [];
  if (text === undefined) return {};
  const parsed = parseJson(text);
  if (
    typeof parsed !== "object" ||
    parsed === null ||
    Array.isArray(parsed) ||
    Object.values(parsed).some((url) => typeof url !== "string")
  ) {
    problems.push(`endpoints: ${place} must be a JSON object of addresses such as {"cce": "https://…"}`);
    return {};
  }
  const withScheme = Object.entries(parsed as Record<string, string>).map(([service, url]) => [
    service,
    /^[a-z]+:\/\//i.test(url) ? url : `https://${url}`,
  ]);
  return Object.fromEntries(withScheme);
}

function readPace({ config, environment }: Sources, problems: string[]): Pace {
  const read = (key: string, variable: string, standard: number, max: number) => {
    const text = config(`cce-nodepool-sync:${key}`) || environment[variable] || "";
    if (text === "") return standard;
    const value = Number(text);
    if (value > 0 && value <= max) return value;
    problems.push(
      `${key}: must be a number above 0, at most ${max} (Pulumi config cce-nodepool-sync:${key}, environment ${variable})`,
    );
    return standard;
  };
  return {
    pollInterval: read("pollInterval", "CCE_NODEPOOL_SYNC_POLL_INTERVAL", 5, 60),
    readsPerSecond: read("readsPerSecond", "CCE_NODEPOOL_SYNC_READS_PER_SECOND", 20, 1000),
    writesPerMinute: read("writesPerMinute", "CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE", 10, 100_000),
  };
}
