import { type Cce, openCce } from "./cce/api.ts";
import { openAuthentication } from "./cce/authentication.ts";
import { type Credential, secretsOf } from "./cce/credentials.ts";
import { type Exchange, openHttp } from "./cce/http.ts";
import { findProjectId } from "./cce/iam.ts";
import { type Limiter, openLimiter } from "./cce/limiter.ts";
import type { Clock } from "./clock.ts";
import { type Overrides, type Pace, resolveSettings, type Settings, type Sources } from "./config.ts";
import { ConfigurationError } from "./errors.ts";
import { type ClusterReader, openClusterReader } from "./sync/clusterReader.ts";

/** What a resource needs to work with its cluster; shared by all resources that have it in common. */
export interface Session {
  readonly cce: Cce;
  readonly reader: ClusterReader;
  /** Milliseconds between the first looks of a wait. */
  readonly interval: number;
  /** The texts that must never be shown. */
  readonly secrets: readonly string[];
}

/** Opens sessions: connections, what is known of keys, limits and looks are shared in a process. */
export interface Sessions {
  /**
   * @param recorded where an earlier sync was sent; it goes before the configuration, so that what is recorded is
   *   looked for where it is.
   * @throws ConfigurationError when something is missing; nothing was sent.
   */
  open(
    clusterId: string,
    overrides: Overrides,
    recorded?: { endpoint: string; projectId: string },
  ): Promise<Session>;
}

/** Opens the sessions of this process. */
export function openSessions(
  sources: () => Sources,
  clock: Clock,
  exchange: Exchange = openHttp().exchange,
): Sessions {
  const authenticate = openAuthentication(exchange, clock);
  const limiters = new Map<string, { reads: Limiter; writes: Limiter }>();
  const projects = new Map<string, Promise<string>>();
  const services = new Map<string, Cce>();
  const readers = new Map<string, ClusterReader>();

  async function projectOf(settings: Settings): Promise<string> {
    const { projectId, projectName, iamEndpoint, credential } = settings;
    if (projectId !== undefined) return projectId;
    if (projectName === undefined || iamEndpoint === undefined)
      throw new ConfigurationError(["projectId: not found"]);
    const key = JSON.stringify([iamEndpoint, projectName, credential]);
    const lookup = remember(projects, key, () =>
      findProjectId(projectName, iamEndpoint, authenticate(credential), clock),
    );
    lookup.catch(() => projects.delete(key));
    return lookup;
  }

  return {
    async open(clusterId, overrides, recorded) {
      const settings = resolveSettings({ ...overrides, ...recorded }, sources());
      const { endpoint, credential, pace } = settings;
      const projectId = await projectOf(settings);
      const { reads, writes } = remember(limiters, JSON.stringify([endpoint, credential]), () =>
        limitersOf(pace, clock),
      );
      const cce = remember(services, JSON.stringify([endpoint, projectId, credential]), () =>
        openCce({ endpoint, projectId, exchange: authenticate(credential), reads, writes, clock }),
      );
      const interval = pace.pollInterval * 1000;
      const reader = remember(readers, JSON.stringify([endpoint, projectId, credential, clusterId]), () =>
        openClusterReader(cce, clusterId, interval, clock),
      );
      return { cce, reader, interval, secrets: secretsOf(credential satisfies Credential) };
    },
  };
}

function limitersOf({ readsPerSecond, writesPerMinute }: Pace, clock: Clock) {
  return {
    reads: openLimiter(readsPerSecond, 1000, clock),
    writes: openLimiter(writesPerMinute, 60_000, clock),
  };
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
