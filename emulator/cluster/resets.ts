import type { Inventory, Node } from "./inventory.ts";
import type { NodeFailure } from "./model.ts";
import type { Profile } from "./profiles.ts";
import type { AcceptedSync } from "./requestLog.ts";
import { type ResetCause, ResetLog, type WritableReset } from "./resetLog.ts";
import { active, type Reset, type ResetEffects } from "./stages.ts";

/** What is to happen to the next resets of a node. */
interface PlannedFailure extends NodeFailure {
  readonly vanishes?: boolean;
}

/** What began a reset. */
export interface ResetOrigin {
  readonly cause: ResetCause;
  readonly sync?: AcceptedSync;
}

/** Carries out the resets of one cluster. */
export class Resets {
  readonly log = new ResetLog();
  readonly #clusterId: string;
  readonly #inventory: Inventory;
  readonly #profile: Profile;
  readonly #resetTime: number;
  readonly #planned = new Map<string, { readonly failure: PlannedFailure; left: number }>();

  constructor(clusterId: string, inventory: Inventory, rules: { profile: Profile; resetTime: number }) {
    this.#clusterId = clusterId;
    this.#inventory = inventory;
    this.#profile = rules.profile;
    this.#resetTime = rules.resetTime;
  }

  /** Plans how the next resets of a node go wrong. */
  plan(nodeId: string, failure: PlannedFailure): void {
    this.#inventory.requireNode(nodeId);
    this.#planned.set(nodeId, { failure, left: failure.times ?? Number.POSITIVE_INFINITY });
  }

  /** Removes a node, and ends a reset of it. */
  remove(node: Node, at: number): void {
    this.#inventory.remove(node, at);
    this.log.endGone(node.id, at);
  }

  effects(origin: ResetOrigin): ResetEffects {
    return {
      enter: (reset, phase, at) => {
        const node = this.#inventory.node(reset.nodeId);
        if (node === undefined) return phase;
        reset.record ??= this.#start(node, origin, at);
        const planned = phase === active ? this.#take(node.id) : undefined;
        if (planned?.vanishes) {
          this.remove(node, at);
          return phase;
        }
        if (planned === undefined && phase === active) {
          this.#succeed(node, reset.record, at);
          return phase;
        }
        const entered = planned === undefined ? phase : (planned.phase ?? "Error");
        this.#inventory.change(node, { phase: entered, reason: planned?.reason, updatedAt: at }, at);
        return entered;
      },
      finish: (reset) => this.#finish(reset),
    };
  }

  #start({ id, poolId }: Node, { cause, sync }: ResetOrigin, startedAt: number) {
    return this.log.start({
      clusterId: this.#clusterId,
      poolId,
      nodeId: id,
      cause,
      sync: sync?.serial,
      startedAt,
      configuration: this.#inventory.requirePool(poolId).configuration,
      nodeTemplate: sync?.nodeTemplate,
    });
  }

  #succeed(node: Node, record: WritableReset, at: number): void {
    const current = this.#inventory.pools.get(node.poolId)?.configuration ?? record.configuration;
    if (this.#profile.readsConfiguration === "atEnd") record.configuration = current;
    const { configuration } = record;
    const upToDate = configuration === current;
    const lag = this.#profile.upToDateLag * this.#resetTime;
    const claim = upToDate && !node.upToDate && lag > 0 ? { upToDate: false, until: at + lag } : undefined;
    const change = { phase: active, reason: undefined, upToDate, configuration, claim, updatedAt: at };
    this.#inventory.change(node, change, at);
  }

  #finish({ nodeId, at, record }: Reset): string | undefined {
    const node = this.#inventory.node(nodeId);
    if (node === undefined) return this.#profile.vanishingFailsJob ? "the node does not exist" : undefined;
    const failed = node.phase !== active;
    if (record !== undefined) this.log.end(record, at, failed ? "failed" : "succeeded", node.reason);
    return failed ? (node.reason ?? `the node is ${node.phase}`) : undefined;
  }

  #take(nodeId: string): PlannedFailure | undefined {
    const planned = this.#planned.get(nodeId);
    if (planned === undefined || planned.left <= 0) return undefined;
    planned.left -= 1;
    return planned.failure;
  }
}
