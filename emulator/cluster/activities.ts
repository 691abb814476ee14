/** Something that goes on in a cluster and takes time. */
export interface Activity {
  /** When something happens next, in milliseconds since 1970; undefined when it has ended. */
  readonly dueAt: number | undefined;
  /** Carries out what is due at this time. */
  advance(at: number): void;
}

/** Everything that goes on in a cluster. */
export class Activities {
  readonly #running = new Set<Activity>();

  add(activity: Activity): void {
    this.#running.add(activity);
  }

  /** Carries out everything that was due until now, in the order in which it was due. */
  advance(now: number): void {
    for (;;) {
      let next: Activity | undefined;
      let dueAt = now;
      for (const activity of this.#running) {
        if (activity.dueAt === undefined) this.#running.delete(activity);
        else if (activity.dueAt <= dueAt && (next === undefined || activity.dueAt < dueAt)) {
          next = activity;
          dueAt = activity.dueAt;
        }
      }
      if (next === undefined) return;
      next.advance(dueAt);
    }
  }
}

/** An activity that is nothing but one thing that happens at a time. */
export function happensAt(time: number, happen: (at: number) => void): Activity {
  let dueAt: number | undefined = time;
  return {
    get dueAt() {
      return dueAt;
    },
    advance(at) {
      dueAt = undefined;
      happen(at);
    },
  };
}
