import { type CceClient, createCceClient } from "../cce/client.ts";
import { createHttp, type HttpHandler, type Transport, withOriginSettings } from "../cce/http.ts";
import { createRateLimiter, type RateLimiter } from "../cce/rateLimiter.ts";
import type { Limits } from "../config/limits.ts";
import { resolveSettings } from "../config/settings.ts";
import type { Configuration, Overrides } from "../config/sources.ts";
import { createAuthenticator } from "../credentials/authentication.ts";
import { createCredentialProviders } from "../credentials/credentialProviders.ts";
import { createProjectFinder } from "../credentials/project.ts";
import type { Trace } from "../trace/trace.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";
import { type Notice, noticesOf } from "./notices.ts";
import { createSessionTraces } from "./sessionTrace.ts";
import { type ClusterReader, createClusterReader } from "./snapshot.ts";

/** What a resource needs to work with its cluster; shared by all resources that have it in common. */
export interface Session {
  readonly client: CceClient;
  readonly reader: ClusterReader;
  /** Milliseconds between the first looks of a wait. */
  readonly interval: number;
  /** The texts that must never be shown, as far as they are known by now: credentials are renewed. */
  readonly secrets: () => readonly string[];
  /** What a user should know of the way in which the service is reached; each is reported once in a process. */
  readonly notices: readonly Notice[];
  /** Takes down what the process does; undefined when nobody has asked for it. */
  readonly trace?: Trace;
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

/**
 * The sessions of this process.
 * @param interrupted ends the reads that resources share.
 * @param connect makes the handler of requests over one kind of transport.
 */
export function createSessions(
  configuration: () => Configuration,
  clock: Clock,
  interrupted: AbortSignal,
  connect: (transport: Transport) => HttpHandler = (transport) => createHttp(transport).handler,
): Sessions {
  const authenticate = createAuthenticator(clock);
  const handlers = new Map<string, HttpHandler>();
  const providers = createCredentialProviders(authenticate, clock);
  const limiters = new Map<string, { reads: RateLimiter; writes: RateLimiter }>();
  const projects = createProjectFinder(clock);
  const services = new Map<string, CceClient>();
  const readers = new Map<string, ClusterReader>();
  const traces = createSessionTraces(clock, interrupted);

  return {
    async open(clusterId, overrides, recorded) {
      const settings = resolveSettings({ ...overrides, ...recordedPlace(recorded) }, configuration());
      const { endpoint, source, limits, transport, tracePath } = settings;
      const plain = memoize(handlers, JSON.stringify(transport), () => connect(transport));
      const untraced = withOriginSettings(plain, settings.originSettings);
      const trace = tracePath === undefined ? undefined : await traces.open(settings);
      const handler = trace?.exchanges(untraced) ?? untraced;
      const provider = providers.providerFor(settings, handler);
      const secrets = () => [...provider.secrets(), ...proxySecrets(transport)];
      if (trace !== undefined) traces.cover(trace, settings, secrets);
      const authenticated = authenticate(provider, handler);
      const traced = trace?.calls(authenticated) ?? authenticated;
      const projectId = await projects.idOf(settings, provider, authenticated, interrupted);
      const { reads, writes } = memoize(limiters, JSON.stringify([endpoint, source.id]), () =>
        limitersOf(limits, clock),
      );
      const place = [endpoint, projectId, source.id, transport];
      const client = memoize(services, JSON.stringify(place), () =>
        createCceClient({
          endpoint,
          projectId,
          handler: traced,
          reads,
          writes,
          clock,
        }),
      );
      const interval = limits.pollInterval * 1000;
      const reader = memoize(readers, JSON.stringify([...place, clusterId]), () =>
        createClusterReader(client, clusterId, interval, clock, interrupted),
      );
      return { client, reader, interval, secrets, notices: noticesOf(settings), trace };
    },
  };
}

function recordedPlace(recorded: { endpoint: string; projectId: string } | undefined): Overrides {
  if (recorded === undefined) return {};
  return { ...recorded, endpointSetting: "the recorded state" };
}

/** A proxy may want a password, which then stands in its address. */
function proxySecrets({ httpsProxy }: Transport): string[] {
  const { password } = new URL(httpsProxy ?? "http://none");
  return password === "" ? [] : [password, decodeURIComponent(password)];
}

function limitersOf({ readsPerSecond, writesPerMinute }: Limits, clock: Clock) {
  return {
    reads: createRateLimiter(readsPerSecond, 1000, clock),
    writes: createRateLimiter(writesPerMinute, 60_000, clock),
  };
}
