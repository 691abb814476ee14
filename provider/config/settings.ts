import type { Transport } from "../cce/http.ts";
import { credentialsNotFound, type SignIn } from "../credentials/credential.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { findAddresses, metadataAddress, readEndpoints } from "./endpoints.ts";
import { type Limits, readLimits } from "./limits.ts";
import { findProject } from "./project.ts";
import { findSignIn } from "./signIn.ts";
import { configSources, type Overrides, type Sources } from "./sources.ts";
import { readTracePath } from "./trace.ts";
import { readTransport } from "./transport.ts";

/** How to reach the service, complete but for a project id that has to be looked up. */
export interface Settings {
  /** Origin of the CCE service, such as `https://cce.eu-west-101.myhuaweicloud.eu`. */
  readonly endpoint: string;
  /** Origin of the identity service (IAM); undefined when neither a region nor an address is known. */
  readonly iamEndpoint?: string;
  /** Origin of the service that lets a role be assumed (STS); undefined as above. */
  readonly stsEndpoint?: string;
  /** Which setting each of these addresses comes from, in words, by origin. */
  readonly originSettings: Readonly<Record<string, string>>;
  readonly signIn: SignIn;
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
 * Brings together what the resource's inputs, the stack's configuration and the environment say; in this order,
 * the first place that has a value wins.
 * @throws ConfigurationError with everything that is missing or contradicts itself. Nothing is sent.
 */
export function resolveSettings(overrides: Overrides, sources: Sources): Settings {
  const problems: string[] = [];
  const standard = configSources(sources);
  const endpoints = readEndpoints(standard, problems);
  const { signIn, places } = findSignIn(standard, metadataAddress(overrides, endpoints), problems);
  const addresses = findAddresses(overrides, endpoints, places, problems);
  const project = findProject(overrides, places, problems);
  const findable = addresses.iam !== undefined && project.name !== undefined;
  if (project.id === undefined && !findable && !addresses.misnamed) {
    problems.push(
      `projectId: not found, and without a region it cannot be looked up; looked at: ${project.lookedAt}`,
    );
  }
  const limits = readLimits(sources, problems);
  const transport = readTransport(places, sources, limits, problems);
  const needsIam = signIn !== undefined && signIn.way !== "given" && signIn.way !== "metadata";
  if (needsIam && addresses.iam === undefined && !addresses.misnamed) {
    problems.push("endpoint of iam: unknown without a region, and required for this way to authenticate");
  }
  if (problems.length > 0 && signIn?.way === "metadata") {
    problems.push(credentialsNotFound([...signIn.because, notAsked]));
  }
  if (problems.length > 0 || addresses.cce === undefined || signIn === undefined) {
    throw new ConfigurationError(problems);
  }
  return {
    endpoint: addresses.cce,
    iamEndpoint: addresses.iam,
    stsEndpoint: addresses.sts,
    originSettings: addresses.settings,
    signIn,
    projectId: project.id,
    projectName: project.name,
    limits,
    transport,
    tracePath: readTracePath(sources),
  };
}

const notAsked = "the metadata service of this server was not queried, because it alone would not help";
