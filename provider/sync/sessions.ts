import { type Cce, openCce } from "../cce/client.ts";
import { type Exchange, openHttp, type Transport } from "../cce/http.ts";
import { type Limiter, openLimiter } from "../cce/rateLimiter.ts";
import type { Pace } from "../config/limits.ts";
import { resolveSettings, type Settings } from "../config/settings.ts";
import type { Overrides, Sources } from "../config/sources.ts";
import { openAuthentication } from "../credentials/authentication.ts";
import { openIdentities } from "../credentials/identities.ts";
import type { Identity } from "../credentials/identity.ts";
import { findProjectId } from "../credentials/project.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { isLoopback } from "../util/address.ts";
import type { Clock } from "../util/clock.ts";
import { remember } from "../util/memoize.ts";
import { type ClusterReader, openClusterReader } from "./snapshot.ts";

/** What a resource needs to work with its cluster; shared by all resources that have it in common. */
export interface Session {
  readonly cce: Cce;
  readonly reader: ClusterReader;
  /** Milliseconds between the first looks of a wait. */
  readonly interval: number;
  /** The texts that must never be shown, as far as they are known by now: credentials are renewed. */
  readonly secrets: () => readonly string[];
  /** What a user should know of the way in which the service is reached; each worth telling once in a process. */
  readonly remarks: readonly Remark[];
}

/** Something that holds for the whole session. */
export interface Remark {
  readonly text: string;
  readonly kind: "note" | "warning";
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
 * Opens the sessions of this process.
 * @param connect makes the exchange of requests over one kind of transport.
 */
export function openSessions(
  sources: () => Sources,
  clock: Clock,
  connect: (transport: Transport) => Exchange = (transport) => openHttp(transport).exchange,
): Sessions {
  const authenticate = openAuthentication(clock);
  const exchanges = new Map<string, Exchange>();
  const identities = openIdentities(authenticate, clock);
  const limiters = new Map<string, { reads: Limiter; writes: Limiter }>();
  const projects = new Map<string, Promise<string>>();
  const services = new Map<string, Cce>();
  const readers = new Map<string, ClusterReader>();

  async function projectOf(settings: Settings, identity: Identity, exchange: Exchange): Promise<string> {
    const { projectId, projectName, iamEndpoint } = settings;
    if (projectId !== undefined) return projectId;
    if (projectName === undefined || iamEndpoint === undefined)
      throw new ConfigurationError(["projectId: not found"]);
    const key = JSON.stringify([iamEndpoint, projectName, settings.signIn]);
    const lookup = remember(
      projects,
      key,
      async () =>
        (await identity.project()) ??
        findProjectId(projectName, iamEndpoint, authenticate(identity, exchange), clock),
    );
    lookup.catch(() => projects.delete(key));
    return lookup;
  }

  return {
    async open(clusterId, overrides, recorded) {
      const settings = resolveSettings({ ...overrides, ...recorded }, sources());
      const { endpoint, signIn, pace, transport } = settings;
      const exchange = remember(exchanges, JSON.stringify(transport), () => connect(transport));
      const identity = identities.open(settings, exchange);
      const projectId = await projectOf(settings, identity, exchange);
      const { reads, writes } = remember(limiters, JSON.stringify([endpoint, signIn]), () =>
        limitersOf(pace, clock),
      );
      const place = [endpoint, projectId, signIn, transport];
      const cce = remember(services, JSON.stringify(place), () =>
        openCce({ endpoint, projectId, exchange: authenticate(identity, exchange), reads, writes, clock }),
      );
      const interval = pace.pollInterval * 1000;
      const reader = remember(readers, JSON.stringify([...place, clusterId]), () =>
        openClusterReader(cce, clusterId, interval, clock),
      );
      const secrets = () => [...identity.secrets(), ...proxySecrets(transport)];
      return { cce, reader, interval, secrets, remarks: remarksOn(settings) };
    },
  };
}

function remarksOn({ endpoint, transport }: Settings): Remark[] {
  const remarks: Remark[] = [];
  if (transport.insecure) {
    const text =
      "certificates are not verified (insecure, HW_INSECURE): whoever sits between this machine and the service can read and change everything, credentials too; name the issuer's certificate in cacertFile instead";
    remarks.push({ text, kind: "warning" });
  }
  if (isLoopback(new URL(endpoint).hostname)) {
    remarks.push({
      text: `requests go to ${endpoint} on this machine: to an emulator, unless a tunnel begins there`,
      kind: "note",
    });
  }
  return remarks;
}

/** A proxy may want a password, which then stands in its address. */
function proxySecrets({ httpsProxy }: Transport): string[] {
  const { password } = new URL(httpsProxy ?? "http://none");
  return password === "" ? [] : [password, decodeURIComponent(password)];
}

function limitersOf({ readsPerSecond, writesPerMinute }: Pace, clock: Clock) {
  return {
    reads: openLimiter(readsPerSecond, 1000, clock),
    writes: openLimiter(writesPerMinute, 60_000, clock),
  };
}
