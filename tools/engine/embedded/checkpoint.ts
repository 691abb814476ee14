import { isDeepStrictEqual } from "node:util";
import type { PendingOperation, ResourceState, Snapshot } from "./state.ts";
import type { Step } from "./step.ts";

/**
 * The state of a stack while an operation changes it: what was there before (`base`), what the operation has
 * dealt with, and the provider calls under way. It is written before each provider call that changes something
 * and after it, so that whoever reads the state after a crash finds the calls that were interrupted.
 */
export class Checkpoint {
  readonly #write: (snapshot: Snapshot) => Promise<void>;
  readonly #base: Snapshot;
  readonly #fresh: ResourceState[] = [];
  /** States that are superseded or gone. */
  readonly #done = new Set<ResourceState>();
  readonly #pending = new Map<ResourceState, PendingOperation>();
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;
  #closed = false;

  constructor(base: Snapshot, write: (snapshot: Snapshot) => Promise<void>) {
    this.#base = base;
    this.#write = write;
  }

  /** The state as it is now, new resources first, in a valid order. */
  snapshot(): Snapshot {
    const creates = this.#base.pendingOperations.filter(({ type }) => type === "creating");
    return {
      resources: [...this.#fresh, ...this.#base.resources].filter((resource) => !this.#done.has(resource)),
      // Only people can know what became of an interrupted create, so a later operation keeps it.
      pendingOperations: [...this.#pending.values(), ...creates],
    };
  }

  /** Notes that a step is about to call its provider. */
  async begin(step: Step): Promise<void> {
    const type = PENDING[step.op];
    const resource = step.next ?? step.old;
    if (type === undefined || resource === undefined) return;
    this.#pending.set(resource, { resource, type });
    await this.save();
  }

  /** Takes over what a step did; when it failed, only that its provider call is over. */
  async end(step: Step, succeeded: boolean): Promise<void> {
    const resource = step.next ?? step.old;
    if (resource !== undefined) this.#pending.delete(resource);
    if (succeeded && !step.marker) this.#take(step);
    const unchanged = step.op === "same" && isDeepStrictEqual(step.old, step.next);
    if (!step.marker && !unchanged) await this.save();
  }

  /**
   * Writes the state. Calls that come while a write is under way share the next one; each resolves when a write
   * that began after it is complete.
   */
  save(): Promise<void> {
    if (this.#queued === undefined) {
      this.#queued = this.#writing.then(() => {
        this.#queued = undefined;
        if (this.#closed) return;
        this.#writing = this.#write(this.snapshot());
        return this.#writing;
      });
    }
    return this.#queued;
  }

  /** From now on nothing is written any more. */
  close(): void {
    this.#closed = true;
  }

  #take(step: Step): void {
    const { old, next, op } = step;
    // Of a replacement the old resource stays until it is deleted, marked `delete`.
    if (old !== undefined && op !== "create-replacement") this.#done.add(old);
    if (next !== undefined && op !== "refresh") this.#fresh.push(next);
  }
}

const PENDING: Partial<Record<Step["op"], PendingOperation["type"]>> = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  read: "reading",
};
