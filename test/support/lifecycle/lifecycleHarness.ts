import { inspect } from "node:util";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index.ts";
import { createHttp, type HttpHandler, type Transport } from "../../../provider/cce/http.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { type LookUpResult, lookUpPool } from "../../../provider/nodePoolSync/poolLookUp.ts";
import {
  createService,
  type NodePoolSyncService,
  ResourceFailure,
} from "../../../provider/nodePoolSync/service.ts";
import { readState, type State, writeState } from "../../../provider/nodePoolSync/state/state.ts";
import { createSessions } from "../../../provider/session/sessions.ts";
import type { Forecast } from "../../../provider/sync/forecast.ts";
import { assertNoSecret, secretsIn } from "../secretSearch.ts";
import { createProcessLife, type ProcessLife } from "./processLife.ts";
import { VirtualClock } from "./virtualClock.ts";

/** How the resource is named in messages. */
export const subject = 'NodePoolSync "workers"';

/** What a sync reported to its user. */
export interface Message {
  readonly message: string;
  readonly severity: "status" | "info" | "warning";
  /** When, in milliseconds of the harness's clock. */
  readonly at: number;
}

/** The provider's lifecycle in front of an emulated cluster over real HTTP, both on one virtual clock. */
export interface LifecycleHarness {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly messages: Message[];
  /** The smallest inputs for the emulated cluster's first pool. */
  readonly inputs: Inputs;
  /** The resource's service in the process that runs now. */
  readonly service: NodePoolSyncService;
  /** Ends what the process does, as Ctrl-C does; each process has one of its own. */
  readonly interrupt: AbortController;
  /** Create (without a previous state) or update; `name` is how another resource than the usual one is named. */
  synchronize(inputs?: Inputs, previous?: State, timeout?: number, name?: string): Promise<State>;
  refresh(state: State): Promise<State | undefined>;
  forecast(inputs?: Inputs, previous?: State): Promise<Forecast>;
  /** Looks a pool up as a program does, by default the one of {@link inputs}. */
  lookUp(args?: Record<string, unknown>): Promise<LookUpResult>;
  readonly crashAt: ProcessLife["crashAt"];
  /**
   * Puts something between the provider and the service, until the returned function is called: an answer that is
   * edited on its way, a request that never comes to its end. Time goes on while it works.
   */
  intercept(layer: (handler: HttpHandler) => HttpHandler): () => void;
  /**
   * Takes a text into the search at the end.
   * @param given what holds secrets that must not be in it, nor in any other.
   */
  search(given: unknown, text: string): void;
  /**
   * Goes on as a new process: nothing is known of keys, snapshots and other runs, and nothing that the one before had
   * under way goes on.
   */
  restart(): void;
  /**
   * Ends the emulator and all connections, and searches what was reported, thrown, recorded and logged: no secret of the
   * harness may be in it, but for a password in the place where the state holds it.
   */
  close(): Promise<void>;
}

/**
 * Creates the harness.
 * @param answerTimeout milliseconds of real time within which an answer must be there; default that of the product.
 */
export async function createLifecycleHarness(
  options: EmulatorOptions = {},
  environment: Record<string, string> = {},
  answerTimeout?: number,
): Promise<LifecycleHarness> {
  const clock = new VirtualClock();
  const emulator = await startEmulator({ now: clock.elsewhere, ...options });
  const opened: ReturnType<typeof createHttp>[] = [];
  const messages: Message[] = [];
  let interrupt = new AbortController();
  const interrupts = [interrupt];
  const configuration = () => ({
    config: () => undefined,
    environment: { ...emulator.environment, ...environment },
  });
  const layers = new Set<(handler: HttpHandler) => HttpHandler>();
  let life = createProcessLife(clock);
  const open = () => {
    const own = life;
    const connect = (transport: Transport): HttpHandler => {
      const http = createHttp({ ...transport, answerTimeout: answerTimeout ?? transport.answerTimeout });
      opened.push(http);
      const handler = clock.during(http.handler);
      return own.during((request) => [...layers].reduce((inner, layer) => layer(inner), handler)(request));
    };
    return createService({
      configuration,
      clock: own.clock,
      interrupted: interrupt.signal,
      createSessions: (...options) => createSessions(...options, connect),
      random: () => 0,
    });
  };
  let service = open();
  const secrets = new Set<string>();
  const ends: string[] = [];
  const inputs: Inputs = {
    clusterId: emulator.cluster.id,
    nodePoolId: emulator.cluster.pools[0]?.id ?? "",
    maxUnavailable: 2,
    wait: true,
    onCreate: "outdated",
    onChange: "all",
  };

  const callerWith = (timeout?: number, name = subject) => ({
    subject: name,
    report: (message: string, severity: Message["severity"]) =>
      void messages.push({ message, severity, at: clock.now() }),
    timeout,
  });

  /** The state as the engine hands it to the next run; keeps what came out of a run for the search at the end. */
  async function kept<T extends State | undefined>(run: Promise<T>): Promise<T> {
    try {
      const state = await run;
      return (state && recordedAs(state)) as T;
    } catch (error) {
      ends.push(inspect(error, { depth: 0 }));
      // The state is plain data until it is written: the layer above it does that, as here.
      if (error instanceof ResourceFailure) throw new ResourceFailure(error.message, recordedAs(error.state));
      ends.push(JSON.stringify(error));
      throw error;
    }
  }

  function recordedAs(state: State): State {
    const outputs = writeState(state);
    ends.push(JSON.stringify(outputs));
    return readState(outputs);
  }

  return {
    emulator,
    clock,
    messages,
    inputs,
    get service() {
      return service;
    },
    get interrupt() {
      return interrupt;
    },
    synchronize(own = inputs, previous, timeout, name = subject) {
      for (const secret of secretsIn([own, environment])) secrets.add(secret);
      return kept(service.synchronize(own, previous, callerWith(timeout, name)));
    },
    refresh(state) {
      return kept(service.read("", state, {}, callerWith()));
    },
    forecast(own = inputs, previous) {
      for (const secret of secretsIn([own, environment])) secrets.add(secret);
      return service.forecast(own, previous, callerWith());
    },
    async lookUp(args = { clusterId: inputs.clusterId, nodePoolId: inputs.nodePoolId }) {
      const { report } = callerWith();
      const found = await lookUpPool(args, () => Promise.resolve(service), report).catch((error: Error) => {
        ends.push(inspect(error, { depth: 0 }));
        throw error;
      });
      ends.push(JSON.stringify(found));
      return found;
    },
    crashAt: (exchange, moment) => life.crashAt(exchange, moment),
    intercept(layer) {
      layers.add(layer);
      return () => void layers.delete(layer);
    },
    search(given, text) {
      for (const secret of secretsIn([given])) secrets.add(secret);
      ends.push(text);
    },
    restart() {
      life.end();
      life = createProcessLife(clock);
      interrupt = new AbortController();
      interrupts.push(interrupt);
      service = open();
    },
    async close() {
      await Promise.all(opened.map((http) => http.close()));
      await emulator.close();
      const texts = {
        "what was reported": JSON.stringify(messages),
        "a state or an error": ends.join("\n"),
        "the emulator's log": JSON.stringify([emulator.requests, emulator.acceptedSyncs]),
      };
      try {
        assertNoSecret(texts, [...secrets, ...emulator.issuedSecrets]);
      } finally {
        // A signal that something listens to is never collected, nor what a process that died was in the middle of.
        life.end();
        for (const each of interrupts) each.abort();
      }
    },
  };
}

/** Creates a harness for the time of `use`. */
export async function withLifecycleHarness(
  options: EmulatorOptions,
  environment: Record<string, string>,
  use: (harness: LifecycleHarness) => Promise<void>,
): Promise<void> {
  const harness = await createLifecycleHarness(options, environment);
  try {
    await use(harness);
  } finally {
    await harness.close();
  }
}
