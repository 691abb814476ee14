import { once } from "node:events";
import type { Server } from "node:http";
import { Cluster } from "./cluster/cluster.ts";
import type { EmulatedCluster } from "./cluster/emulatedCluster.ts";
import type { AcceptedSync, RequestRecord } from "./cluster/requestLog.ts";
import type { NodeReset } from "./cluster/resetLog.ts";
import type { Account } from "./http/account.ts";
import { Authenticator, randomHex } from "./http/authentication.ts";
import { type Fault, type FaultHandle, Faults } from "./http/faults.ts";
import { RateLimiter } from "./http/limits.ts";
import { Secrets } from "./http/secrets.ts";
import { listen, type RequestHook, type ServerParts, urlOf, type WritableRecord } from "./http/server.ts";
import type { ServiceContext } from "./http/serviceContext.ts";
import { type EmulatorOptions, hundredYears, resolveOptions, type Settings } from "./options.ts";

/** A running emulator. */
export interface Emulator {
  /** Its address on loopback, without a slash at the end; CCE, IAM, STS and the metadata service share it. */
  readonly url: string;
  /** The region's name, which is the name of its project too. */
  readonly region: string;
  /** The id of the region's project, to which the clusters belong. */
  readonly projectId: string;
  /** A key that is accepted. */
  readonly accessKey: string;
  /** The secret key of `accessKey`. */
  readonly secretKey: string;
  /** A token for the project that is accepted in place of a signature; it does not end within a hundred years. */
  readonly token: string;
  /** Who may ask IAM for a token, and the agency whose role can be assumed. */
  readonly account: Account;
  /**
   * The environment variables that lead a client here: `HW_REGION_NAME`, `HW_PROJECT_ID`, `HW_ACCESS_KEY`,
   * `HW_SECRET_KEY` and `HW_ENDPOINTS`.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** The first cluster. */
  readonly cluster: EmulatedCluster;
  /** Every cluster; there are as many as the options say. */
  readonly clusters: readonly EmulatedCluster[];
  /** The requests in the order of arrival, the newest ones (see `keepRequests`); no secret is in them. */
  readonly requests: readonly RequestRecord[];
  /** Every sync that was accepted, also when its answer was lost, and those that somebody else started. */
  readonly acceptedSyncs: readonly AcceptedSync[];
  /**
   * What really happened to the nodes of all clusters, in the order in which it began; see
   * {@link EmulatedCluster.resetLog}.
   */
  readonly resets: readonly NodeReset[];
  /**
   * Every secret that was handed out so far, ended ones too: secret keys, tokens and the password of the account, for a
   * search of whatever must hold none.
   */
  readonly issuedSecrets: readonly string[];
  /** Lets requests go wrong. */
  addFault(fault: Fault): FaultHandle;
  /** Calls the hook at each moment of each exchange, until the returned function is called. */
  onRequest(hook: RequestHook): () => void;
  /** Ends the server and all connections to it. A request that has not been acted upon yet never will be. */
  close(): Promise<void>;
}

/**
 * Starts an emulated CCE on loopback: clusters with their pools and nodes, the calls that a sync needs, IAM, STS and
 * the metadata service. It is written from the service's documentation; where that is silent, a profile says what
 * happens.
 * @throws Error when the port is in use, or an option is outside its limits.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = resolveOptions(options);
  const { now, region, projectId } = settings;
  const acceptedSyncs: AcceptedSync[] = [];
  const requests: RequestRecord[] = [];
  const secrets = new Secrets();
  const clusters = createClusters(settings, acceptedSyncs, secrets);
  const [cluster] = clusters;
  if (cluster === undefined) throw new RangeError("clusters must be at least 1");
  const account = createAccount(settings);
  secrets.add(account.user.password);
  const authenticator = new Authenticator(secrets, now);
  const { accessKey, secretKey } = authenticator.issueKey();
  const { token } = authenticator.issueToken(projectId, hundredYears);
  const faults = new Faults();
  const hooks = new Set<RequestHook>();
  const closing = new AbortController();
  const server = await listen(settings.port, {
    context: createContext(settings, { clusters, account, authenticator, secrets }),
    limits: new RateLimiter(settings.limits, now),
    faults,
    hooks,
    closing: closing.signal,
    record: createRecorder(settings, requests),
  });
  const url = urlOf(server);
  return {
    url,
    region,
    projectId,
    accessKey,
    secretKey,
    token,
    account,
    environment: {
      HW_REGION_NAME: region,
      HW_PROJECT_ID: projectId,
      HW_ACCESS_KEY: accessKey,
      HW_SECRET_KEY: secretKey,
      HW_ENDPOINTS: JSON.stringify({ cce: url, iam: url, sts: url, metadata: url }),
    },
    cluster,
    clusters,
    requests,
    acceptedSyncs,
    get resets() {
      const resets = clusters.flatMap((each) => each.resetLog());
      return resets.sort((a, b) => a.startedAt - b.startedAt);
    },
    get issuedSecrets() {
      return secrets.issued;
    },
    addFault: (fault) => faults.add(fault),
    onRequest: (hook) => addHook(hooks, hook),
    close: () => close(server, closing),
  };
}

/** The clusters of the emulator. Every sync that one of them accepts is added to the list. */
function createClusters(settings: Settings, acceptedSyncs: AcceptedSync[], secrets: Secrets): Cluster[] {
  const { profile, speed, now, zones } = settings;
  const rules = {
    profile,
    speed,
    now,
    resetTime: resetTimeOf(settings),
    zones,
    accepted(sync: Omit<AcceptedSync, "serial">) {
      const nodeTemplate = secrets.hideInValue(sync.nodeTemplate);
      const accepted = { serial: acceptedSyncs.length + 1, ...sync, nodeTemplate };
      acceptedSyncs.push(accepted);
      return accepted;
    },
  };
  return Array.from({ length: settings.clusters }, () => new Cluster(settings.projectId, rules, settings));
}

function createAccount({ projectId, region, otherProjects, tokenSeconds }: Settings): Account {
  return {
    domain: { id: randomHex(16), name: "emulated-domain" },
    user: { id: randomHex(16), name: "emulated-user", password: `Aa1-${randomHex(9)}` },
    agency: "emulated-agency",
    projects: [
      { id: projectId, name: region },
      { id: randomHex(16), name: `${region}_other` },
      ...otherProjects,
    ],
    tokenSeconds,
  };
}

function createContext(
  settings: Settings,
  parts: Pick<ServiceContext, "account" | "authenticator" | "secrets"> & { clusters: readonly Cluster[] },
): ServiceContext {
  const { profile, speed, now } = settings;
  return {
    ...parts,
    clusters: new Map(parts.clusters.map((each) => [each.id, each])),
    profile,
    lists: new Map(),
    metadata: { mode: settings.metadata, keySeconds: settings.metadataKeySeconds, tokens: new Map() },
    resetTime: resetTimeOf(settings),
    speed,
    now,
  };
}

/** Takes requests down, and keeps the newest. */
function createRecorder({ now, keepRequests }: Settings, requests: RequestRecord[]): ServerParts["record"] {
  let arrived = 0;
  return (request) => {
    arrived += 1;
    const record: WritableRecord = { index: arrived, at: now(), ...request };
    requests.push(record);
    if (requests.length > keepRequests) requests.shift();
    return record;
  };
}

/** Milliseconds that a node's reset takes. */
function resetTimeOf({ resetSeconds, speed }: Settings): number {
  return (resetSeconds * 1000) / speed;
}

function addHook(hooks: Set<RequestHook>, hook: RequestHook): () => void {
  hooks.add(hook);
  return () => {
    hooks.delete(hook);
  };
}

async function close(server: Server, closing: AbortController): Promise<void> {
  if (!server.listening) return;
  closing.abort();
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
