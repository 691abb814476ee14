import { createUrn } from "../urn.ts";
import type { Goal } from "./goal.ts";
import { PlanError } from "./planError.ts";
import type { ResourceState } from "./state.ts";

/** The stack whose URNs these are. */
export interface UrnBookOptions {
  stack: string;
  project: string;
  /** The state before, in its order. */
  olds: readonly ResourceState[];
  /** A resource of the state goes by another URN from now on. */
  renamed(oldUrn: string, newUrn: string): void;
}

/** Keeps track of which URNs a program has used, and which resources of the state they stand for. */
export class UrnBook {
  readonly #options: UrnBookOptions;
  /** The latest state by URN, without what only waits to be deleted. */
  readonly #olds: ReadonlyMap<string, ResourceState>;
  readonly #claimed = new Set<string>();
  /** URNs in the state to the URNs that the program now uses for the same resources. */
  readonly #renamed = new Map<string, string>();

  constructor(options: UrnBookOptions) {
    this.#options = options;
    this.#olds = new Map(options.olds.filter((old) => !old.delete).map((old) => [old.urn, old]));
  }

  /** The URN of a resource that the program registers. Throws when it is taken, or the parent is unknown. */
  claim({ type, name, parent }: Goal): string {
    const { stack, project } = this.#options;
    if (parent !== undefined && !this.#claimed.has(parent)) {
      throw new PlanError(`could not find parent resource ${parent}`);
    }
    const urn = createUrn({ stack, project, type, name }, parent);
    if (this.#claimed.has(urn)) {
      throw new PlanError(`Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
    }
    this.#claimed.add(urn);
    return urn;
  }

  /** The state of the resource, found under its URN or one it had before. */
  findOld(urn: string, aliases: readonly string[]): ResourceState | undefined {
    const own = this.#olds.get(urn);
    if (own !== undefined) return own;
    const alias = aliases.find((candidate) => this.#olds.has(candidate));
    if (alias === undefined) return undefined;
    if (this.#claimed.has(alias) || this.#renamed.has(alias)) {
      throw new PlanError(
        `Duplicate resource alias '${alias}' applied to resource with URN '${urn}' ` +
          `conflicting with resource with URN '${this.current(alias)}'`,
        urn,
      );
    }
    this.#renamed.set(alias, urn);
    this.#options.renamed(alias, urn);
    return this.#olds.get(alias);
  }

  /** The URN that the program uses for a resource of the state. */
  current(urn: string): string {
    return this.#renamed.get(urn) ?? urn;
  }
}
