import type { CallKind } from "../cluster/requestLog.ts";

/** What goes wrong with a request. */
export type Effect =
  | {
      /** An answer in place of the service's own; the gateway's time-out when there is neither body nor text. */
      readonly kind: "answer";
      /** The status of HTTP. */
      readonly status: number;
      /** Sent as JSON. */
      readonly body?: unknown;
      /** Sent as it is in place of a body, such as a page of HTML. */
      readonly text?: string;
      /** Headers of the answer. */
      readonly headers?: Readonly<Record<string, string>>;
      /** Whether the service does its work all the same; default false. */
      readonly acted?: boolean;
    }
  | {
      /** The connection breaks without an answer. */
      readonly kind: "drop";
      /** Whether the service does its work all the same; default false. */
      readonly acted?: boolean;
    }
  | {
      /** No answer ever comes. */
      readonly kind: "hang";
      /** Whether the service does its work all the same; default false. */
      readonly acted?: boolean;
    }
  | {
      /** The service takes its time before it acts and answers. */
      readonly kind: "delay";
      /** How long, in real time. */
      readonly milliseconds: number;
    }
  | {
      /** The answer is the service's own, and breaks off in the middle of its body. */
      readonly kind: "cutBody";
    }
  | {
      /** The answer is the service's own, and comes byte by byte. */
      readonly kind: "drip";
      /** How long nothing comes before each byte, in milliseconds of real time. */
      readonly pause: number;
    }
  | {
      /** The answer is the service's own without its body. */
      readonly kind: "emptyBody";
    }
  | {
      /** The answer is the service's own, with every value in its JSON of another type. */
      readonly kind: "wrongTypes";
    }
  | {
      /** A list of nodes or pools is the service's own of some time ago, as of a replica that is behind. */
      readonly kind: "stale";
      /** How far behind, in seconds of the nodes' time; at most 600. */
      readonly seconds: number;
    }
  | {
      /** A list is the service's own without some items; a next page begins after those that are missing. */
      readonly kind: "shortList";
      /** How many items are missing at its end, or the ids (`metadata.uid`) of those that are; default all. */
      readonly missing?: number | readonly string[];
    }
  | {
      /** The answer is the service's own, and its body never ends. */
      readonly kind: "endless";
    };

/** Which requests a fault is for, and how often. */
export interface Fault {
  /** The calls that it is for; every one when left out. */
  readonly kind?: CallKind | readonly CallKind[];
  /** How many such requests go well first; default 0. */
  readonly skip?: number;
  /** How many then go wrong; default 1, `Infinity` for all. */
  readonly times?: number;
  /** What goes wrong. */
  readonly effect: Effect;
}

/** A fault that was set. */
export interface FaultHandle {
  /** How many requests it has hit. */
  readonly hits: number;
  /** Takes it back. */
  remove(): void;
}

interface Entry {
  readonly fault: Fault;
  skip: number;
  hits: number;
}

/** The faults that are set; the first one that is for a request hits it. */
export class Faults {
  readonly #entries = new Set<Entry>();

  add(fault: Fault): FaultHandle {
    const entry: Entry = { fault, skip: fault.skip ?? 0, hits: 0 };
    this.#entries.add(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.#entries.delete(entry);
      },
    };
  }

  /** The effect on the next request of this kind; it is used up by it. */
  take(kind: CallKind): Effect | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (fault.kind !== undefined && ![fault.kind].flat().includes(kind)) continue;
      if (entry.hits >= (fault.times ?? 1)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.hits += 1;
      return fault.effect;
    }
    return undefined;
  }
}

/** Whether the service does its work on a request with this effect. */
export function acts(effect: Effect | undefined): boolean {
  if (effect?.kind === "answer" || effect?.kind === "drop" || effect?.kind === "hang") {
    return effect.acted === true;
  }
  return true;
}
