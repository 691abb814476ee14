/** The operation has ended or is about to: what was asked for does not happen. Nothing to report. */
export class StoppedError extends Error {}

/** Decides what may still begin in an operation, and knows what is under way. */
export class Control {
  /** Why nothing new may begin; undefined while the operation goes on. */
  #reason: "failed" | "canceled" | "killed" | undefined;
  readonly #running = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  readonly #parallel: number;
  #active = 0;
  #halt: () => void = () => undefined;
  /** Resolves when the operation was stopped. */
  readonly halted: Promise<void> = new Promise((resolve) => {
    this.#halt = resolve;
  });

  constructor(parallel: number) {
    this.#parallel = parallel;
  }

  get stopped(): boolean {
    return this.#reason !== undefined;
  }

  get killed(): boolean {
    return this.#reason === "killed";
  }

  get canceled(): boolean {
    return this.#reason === "canceled";
  }

  /** Nothing new begins from now on. The first reason stays, except that a kill overrides the others. */
  stop(reason: "failed" | "canceled" | "killed"): void {
    if (this.#reason === undefined || reason === "killed") this.#reason = reason;
    this.#halt();
  }

  /** Does some work when one of the parallel places is free; rejects with {@link StoppedError} when stopped. */
  async run(work: () => Promise<void>): Promise<void> {
    if (this.#active < this.#parallel) this.#active += 1;
    // Whoever is done hands its place over, so the number of places in use stays as it is.
    else await new Promise<void>((takeOver) => this.#waiting.push(takeOver));
    try {
      if (this.stopped) throw new StoppedError();
      const running = work();
      this.#running.add(running);
      await running.finally(() => this.#running.delete(running));
    } finally {
      const takeOver = this.#waiting.shift();
      if (takeOver !== undefined) takeOver();
      else this.#active -= 1;
    }
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
