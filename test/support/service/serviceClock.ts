/**
 * The clock of an emulated service that whole programs talk to. It follows the machine's clock until a test stops it;
 * from then on time passes only when the test says so, however long the programs take on a busy machine.
 */
export class ServiceClock {
  #stoppedAt: number | undefined;
  #lost = 0;

  readonly now = (): number => this.#stoppedAt ?? Date.now() - this.#lost;

  stop(): void {
    this.#stoppedAt ??= this.now();
  }

  /** Lets time pass again, from where it was stopped. */
  start(): void {
    if (this.#stoppedAt === undefined) return;
    this.#lost = Date.now() - this.#stoppedAt;
    this.#stoppedAt = undefined;
  }

  /** Lets so many milliseconds pass at once; the clock is stopped afterwards. */
  pass(milliseconds: number): void {
    this.#stoppedAt = this.now() + milliseconds;
  }
}
