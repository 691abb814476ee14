import { inspect } from "node:util";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/index.ts";
import { type Exchange, openHttp, type Transport } from "../../provider/cce/http.ts";
import type { Inputs } from "../../provider/nodePoolSync/schema.ts";
import type { State } from "../../provider/nodePoolSync/state.ts";
import { openTurns } from "../../provider/sync/keyedMutex.ts";
import { type LifecycleContext, synchronize } from "../../provider/sync/lifecycle.ts";
import { refresh } from "../../provider/sync/refresh.ts";
import { openSessions, type Session } from "../../provider/sync/sessions.ts";
import { assertNoSecret, secretsIn, withoutSecrets } from "./canaries.ts";
import { VirtualClock } from "./virtualClock.ts";

/** What a sync told its user. */
export interface Told {
  readonly message: string;
  readonly kind: "passing" | "note" | "warning";
  /** When, in milliseconds of the bench's clock. */
  readonly at: number;
}

/** The provider's lifecycle in front of an emulated cluster over real HTTP, both on one virtual clock. */
export interface Bench {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly told: Told[];
  /** The smallest inputs for the emulated cluster's first pool. */
  readonly inputs: Inputs;
  readonly interrupt: AbortController;
  /** Create (without a previous state) or update. */
  synchronize(inputs?: Inputs, previous?: State, timeout?: number): Promise<State>;
  refresh(state: State): Promise<State | undefined>;
  context(inputs?: Inputs): Promise<LifecycleContext>;
  /** The session of the inputs' cluster. */
  session(inputs?: Inputs): Promise<Session>;
  /**
   * Lets the process die at its exchange number `exchange` (from 1) after the start: before the request leaves, after
   * the service acted and before the answer arrives, or right after the answer. What was under way then never ends.
   * @returns a promise that resolves when it has died.
   */
  dieAt(exchange: number, moment: "before" | "acted" | "answered"): Promise<void>;
  /** Goes on as a new process: nothing is known of keys, looks and turns. */
  restart(): void;
  /**
   * Ends the emulator and all connections, and searches what was told, thrown, recorded and logged: no secret of the
   * bench may be in it, but for a password in the place where the state holds it.
   */
  close(): Promise<void>;
}

/**
 * Sets the bench up.
 * @param answerTimeout milliseconds of real time within which an answer must be there; default that of the product.
 */
export async function openBench(
  options: EmulatorOptions = {},
  environment: Record<string, string> = {},
  answerTimeout?: number,
): Promise<Bench> {
  const clock = new VirtualClock();
  const emulator = await startEmulator({ now: clock.now, ...options });
  const opened: ReturnType<typeof openHttp>[] = [];
  const told: Told[] = [];
  const interrupt = new AbortController();
  const sources = () => ({
    config: () => undefined,
    environment: { ...emulator.environment, ...environment },
  });
  const alive = (exchange: Exchange) => exchange;
  let mortal: (exchange: Exchange) => Exchange = alive;
  const connect = (transport: Transport): Exchange => {
    const http = openHttp({ ...transport, answerTimeout: answerTimeout ?? transport.answerTimeout });
    opened.push(http);
    const exchange = clock.during(http.exchange);
    return (request) => mortal(exchange)(request);
  };
  const open = () => openSessions(sources, clock, connect);
  let sessions = open();
  let turns = openTurns();
  const secrets = new Set<string>();
  const ends: string[] = [];
  const inputs: Inputs = {
    clusterId: emulator.cluster.id,
    nodePoolId: emulator.cluster.pools[0]?.id ?? "",
    maxUnavailable: 2,
    wait: true,
  };

  async function session(own: Inputs = inputs): Promise<Session> {
    const { clusterId, region, projectId, endpoint } = own;
    for (const secret of secretsIn([own, environment])) secrets.add(secret);
    return sessions.open(clusterId, { region, projectId, endpoint });
  }

  async function context(own: Inputs = inputs): Promise<LifecycleContext> {
    return {
      ...(await session(own)),
      clock,
      turns,
      interrupted: interrupt.signal,
      random: () => 0,
      report: (message, kind) => told.push({ message, kind, at: clock.now() }),
      subject: 'NodePoolSync "workers"',
    };
  }

  /** Keeps what came out of a run for the search at the end. */
  async function kept<T extends State | undefined>(run: Promise<T>): Promise<T> {
    try {
      const state = await run;
      ends.push(JSON.stringify(withoutSecrets(state)) ?? "");
      return state;
    } catch (error) {
      ends.push(JSON.stringify(withoutSecrets(error)), inspect(error, { depth: 0 }));
      throw error;
    }
  }

  return {
    emulator,
    clock,
    told,
    inputs,
    interrupt,
    context,
    session,
    synchronize(own = inputs, previous, timeout) {
      return kept(context(own).then((made) => synchronize(own, previous, { ...made, timeout })));
    },
    refresh(state) {
      return kept(context(state.inputs).then((made) => refresh(state, made)));
    },
    dieAt(exchange, moment) {
      let count = 0;
      return new Promise((died) => {
        const never = new Promise<never>(() => undefined);
        mortal = (living) => async (request) => {
          count += 1;
          if (count > exchange) return never;
          if (count < exchange) return living(request);
          if (moment !== "before") await living(request);
          if (moment === "answered") await new Promise(setImmediate);
          died();
          return never;
        };
      });
    },
    restart() {
      mortal = alive;
      sessions = open();
      turns = openTurns();
    },
    async close() {
      await Promise.all(opened.map((http) => http.close()));
      await emulator.close();
      const texts = {
        "what was told": JSON.stringify(told),
        "a state or an error": ends.join("\n"),
        "the emulator's log": JSON.stringify([emulator.requests, emulator.acceptedSyncs]),
      };
      assertNoSecret(texts, [...secrets, ...emulator.issuedSecrets]);
    },
  };
}
