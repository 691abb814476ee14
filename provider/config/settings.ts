import type { Transport } from "../cce/http.ts";
import { withRole } from "../credentials/assumedRole.ts";
import { type FoundCredentials, findCredentials, isSetUp } from "../credentials/chain.ts";
import { type CredentialSource, credentialsNotFound } from "../credentials/credentialSource.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { namespaces, type Setting } from "./definitions.ts";
import { type Addresses, findAddresses, metadataAddress, readEndpoints } from "./endpoints.ts";
import { type Limits, readLimits } from "./limits.ts";
import { findProject } from "./project.ts";
import {
  type ConfigSource,
  type Configuration,
  configSources,
  described,
  firstWith,
  type Overrides,
} from "./sources.ts";
import { findUnread, type Parts, partFaults } from "./spelling.ts";
import { readTracePath } from "./trace.ts";
import { readTransport } from "./transport.ts";

/** How to reach the service, complete but for a project id that has to be looked up. */
export interface Settings {
  /** Origin of the CCE service, such as `https://cce.eu-west-101.myhuaweicloud.eu`. */
  readonly endpoint: string;
  /** Whether the endpoint is configured, on this machine, or of the cloud, and not just a resource's input. */
  readonly isTrustedEndpoint: boolean;
  /** Origin of the identity service (IAM); undefined when neither a region nor an address is known. */
  readonly iamEndpoint?: string;
  /** Origin of the service that lets a role be assumed (STS); undefined as above. */
  readonly stsEndpoint?: string;
  /** Which setting each of these addresses comes from, in words, by origin. */
  readonly originSettings: Readonly<Record<string, string>>;
  /** Where the credentials come from. */
  readonly source: CredentialSource;
  /** The project's id; undefined when it has to be looked up by {@link projectName}. */
  readonly projectId?: string;
  /** The project's name, by default that of the region. */
  readonly projectName?: string;
  readonly limits: Limits;
  readonly transport: Transport;
  /** The file to append a trace to; undefined when none is asked for. */
  readonly tracePath?: string;
}

/**
 * Brings together what the resource's inputs, the Pulumi configuration and the environment say; in this order, the first
 * source that has a value wins. A provider instance with credentials of its own is another account: who authenticates,
 * with which role and for which project is then taken from nowhere else.
 * @throws ConfigurationError with everything that is missing, wrong, or there and not understood. Nothing is sent.
 */
export function resolveSettings(overrides: Overrides, configuration: Configuration): Settings {
  const problems: string[] = [];
  const standard = configSources(configuration);
  const [first, environment] = standard;
  const isOwnAccount = configuration.instance !== undefined && isSetUp(first);
  const endpoints = readEndpoints(standard, problems);
  const metadata = metadataAddress(overrides, endpoints);
  const found = findCredentials(isOwnAccount ? [first] : standard, metadata, problems);
  const source = sourceOf(found, configuration, first.title, problems);
  const sources = isOwnAccount ? [...found.sources, environment] : found.sources;
  const isSet = (setting: Setting) =>
    Boolean(overrides[setting as "region"]) || firstWith(setting, sources) !== undefined;
  // First, since what else is missing may follow from it.
  problems.unshift(...findUnread(configuration, !isOwnAccount, isSet));
  const addresses = findAddresses(overrides, endpoints, sources, problems);
  const project = findProject(overrides, sources, found.sources, problems);
  const limits = readLimits(configuration, problems);
  const transport = readTransport(sources, configuration, limits, problems);
  if (source !== undefined) checkReach(source, addresses, described("endpoints", first), problems);
  const findable = addresses.iam !== undefined && project.name !== undefined;
  if (project.id === undefined && !findable && !addresses.isBroken) {
    problems.push(
      `projectId: not found, and without a region it cannot be looked up; looked at: ${project.lookedAt}`,
    );
  }
  if (problems.length > 0 && found.passed !== undefined) {
    problems.push(credentialsNotFound([...found.passed, notAsked], first));
  }
  if (problems.length > 0 || addresses.cce === undefined || source === undefined) {
    throw new ConfigurationError(problems);
  }
  return {
    endpoint: addresses.cce,
    isTrustedEndpoint: addresses.isTrusted,
    iamEndpoint: addresses.iam,
    stsEndpoint: addresses.sts,
    originSettings: addresses.settings,
    source,
    projectId: project.id,
    projectName: project.name,
    limits,
    transport,
    tracePath: readTracePath(configuration),
  };
}

const notAsked = "the metadata service of this server was not queried, because it alone would not help";

const roleKey = `${namespaces.settings}assumeRole`;
const roleParts: Parts = {
  known: ["agencyName", "domainName", "domainId", "duration"],
  types: ["string", "number"],
};

/** Who authenticates: with a role, where one is configured; never without a role that is not understood. */
function sourceOf(
  { source, sources }: FoundCredentials<ConfigSource>,
  { config }: Configuration,
  title: string,
  problems: string[],
): CredentialSource | undefined {
  const role = config(roleKey) ?? "";
  const faults = role === "" ? [] : partFaults(role, roleParts);
  for (const fault of faults) {
    const example = fault.startsWith("must be") ? ' such as {"agencyName": "…", "domainName": "…"}' : "";
    problems.push(`assumeRole: ${title} ${roleKey} ${fault}${example}`);
  }
  if (faults.length > 0 || source === undefined) return undefined;
  return withRole(source, sources, problems);
}

/** Whether the source can be asked, and its credential sent. */
function checkReach(
  { gives, name, needsIam }: CredentialSource,
  { iam, cce = "", isBroken, isTrusted }: Addresses,
  endpoints: string,
  problems: string[],
): void {
  if (needsIam && iam === undefined && !isBroken) {
    problems.push("endpoint of iam: unknown without a region, and required for this way to authenticate");
  }
  if (gives === "token" && !isTrusted) {
    problems.push(
      `endpoint of cce: ${cce} would get a token (${name}), and is neither made from the region nor configured; set it in ${endpoints} or HW_ENDPOINTS if you trust it, or use an access key`,
    );
  }
}
