import { type Stage, through } from "./stages.ts";

/**
 * A way in which the real service may behave where its documentation is silent. A client has to work on every one of
 * {@link profiles}. Make one of your own from a named one: `{ ...profiles.standard, beginsAfter: Infinity }`.
 */
export interface Profile {
  /** What is answered to a sync that is accepted; `pool` is the pool itself, as before the API had `jobid`. */
  readonly answer: "jobid" | "empty" | "emptyObject" | "pool";
  /** Whether ShowJob serves the sync's job. */
  readonly showsJob: boolean;
  /** Whether the pool's `status.jobId` names the job. */
  readonly poolNamesJob: boolean;
  /**
   * How the sub-jobs of a job name what they are about: by the node's id and name (`spec.resourceID`,
   * `spec.resourceName`); the same in `spec.extendParam`; only every second node in that way, without sub-jobs for the
   * others; by the id of the node's server; not at all; or there are none.
   */
  readonly subJobs: "nodes" | "extendParam" | "someNodes" | "servers" | "nobody" | "none";
  /** Whether the sub-jobs of nodes are below another one, which is about none of them and fails when one of them does. */
  readonly subJobsNested: boolean;
  /** When a job shows the sub-job of a node: from the beginning, or once the node's turn has come. */
  readonly subJobsAppear: "atOnce" | "inTurn";
  /** When the pool has the condition `ConfigurationSynchronizing`: never, while it is true, or always. */
  readonly condition: "never" | "whenTrue" | "always";
  /**
   * What reads of pools make of the query parameter `advanceStatus`: without `advanceStatus=true` the condition is not
   * shown; it makes no difference; or, as on a cloud that does not know it yet, it is refused with 400.
   */
  readonly advanceStatus: "needed" | "ignored" | "refused";
  /** When `metadata.updateTimestamp` of a pool moves: when its configuration changes, with its status too, or it is absent. */
  readonly poolUpdateTime: "configuration" | "anyChange" | "absent";
  /** Whether nodes have `status.configurationUpToDate`. */
  readonly upToDateField: boolean;
  /** Whether nodes say why they are in their phase (`status.reason`). */
  readonly nodeReasons: boolean;
  /** Whether `metadata.updateTimestamp` of a node moves when the node changes. */
  readonly updateTimes: boolean;
  /** When the status of a node was probed (`status.lastProbeTime`): just now, ten minutes ago, or nobody says. */
  readonly probes: "fresh" | "old" | "absent";
  /** Whether nodes say in which availability zone they are (`spec.az`). */
  readonly zoneField: boolean;
  /** How far the replica is behind that serves some of the lists, as a share of a reset's time; 0 for no replica. */
  readonly replicaLag: number;
  /** Each such list of nodes, and each of pools, comes from the replica: 3 for every third one. */
  readonly replicaServes: number;
  /** Whether ShowNodePool serves `DefaultPool`; ListNodePools can show it in any case. */
  readonly showsDefaultPool: boolean;
  /** How long after its acceptance a sync begins, as a share of a reset's time; with `Infinity` it never does. */
  readonly beginsAfter: number;
  /** How far the pool's status is behind its nodes, as a share of a reset's time. */
  readonly statusLag: number;
  /** How long a node that is back goes on saying that it is not up to date, as a share of a reset's time. */
  readonly upToDateLag: number;
  /**
   * When a reset reads its pool's configuration, which may change meanwhile: at its start, so that the node is behind
   * when it is back, or at its end.
   */
  readonly readsConfiguration: "atStart" | "atEnd";
  /** Whether a node that is deleted during a sync makes the job fail. */
  readonly vanishingFailsJob: boolean;
  /** The life of a node that is being reset. */
  readonly stages: readonly Stage[];
  /** What refuses a sync while another one runs on the pool. */
  readonly whileRunning: {
    /** The status of HTTP. */
    readonly status: number;
    /** CCE's code of the error. */
    readonly code: string;
  };
}

/** Everything that any source mentions is there. */
export const standard: Profile = {
  answer: "jobid",
  showsJob: true,
  poolNamesJob: true,
  subJobs: "nodes",
  subJobsNested: false,
  subJobsAppear: "atOnce",
  condition: "always",
  advanceStatus: "ignored",
  poolUpdateTime: "configuration",
  upToDateField: true,
  nodeReasons: true,
  updateTimes: true,
  probes: "fresh",
  zoneField: true,
  replicaLag: 0,
  replicaServes: 3,
  showsDefaultPool: false,
  beginsAfter: 0,
  statusLag: 0,
  upToDateLag: 0,
  readsConfiguration: "atEnd",
  vanishingFailsJob: false,
  stages: through("Installing"),
  whileRunning: { status: 403, code: "CCE.01403003" },
};

/** A spread in place of it would have all fields written out in the type of {@link profiles}, once for each. */
const changed = (profile: Profile, changes: Partial<Profile>): Profile => ({ ...profile, ...changes });

const noJob = changed(standard, { answer: "empty", showsJob: false, poolNamesJob: false });
const bare = changed(noJob, { condition: "never", upToDateField: false, nodeReasons: false });

/** Every profile by its name. */
export const profiles = {
  /** Everything that any source mentions is there. */
  standard,
  /** No trace of a job: an empty answer, and none in the pool's status. */
  noJob,
  /** The answer is `{}`; only the pool's status names the job. */
  emptyObject: changed(standard, { answer: "emptyObject" }),
  /** The answer is the pool, and there is no job. */
  oldShape: changed(noJob, { answer: "pool" }),
  /** A job id that ShowJob does not know. */
  jobNotShown: changed(standard, { showsJob: false }),
  /** No condition on the pool. */
  noCondition: changed(standard, { condition: "never" }),
  /** The condition comes and goes with the sync, and there is no job. */
  fleetingCondition: changed(noJob, { condition: "whenTrue" }),
  /** Nodes do not say whether they are up to date. */
  noUpToDate: changed(standard, { upToDateField: false }),
  /** Update times of nodes stand still. */
  noUpdateTimes: changed(standard, { updateTimes: false }),
  /** Neither job, condition, up-to-date field nor reasons: nothing but phases and update times. */
  bare,
  /** Two reset times pass before anything can be seen. */
  slowToBegin: changed(standard, { beginsAfter: 2 }),
  /** The same where nothing but the nodes can be watched. */
  slowAndBare: changed(bare, { beginsAfter: 2 }),
  /** The pool's status lags behind, and nodes that are back say for a while that they are out of date; no job. */
  statusLags: changed(noJob, { statusLag: 0.5, upToDateLag: 0.25 }),
  /** Nodes pass through `Build`, `Installing` and `Upgrading`. */
  upgradingPhase: changed(standard, { stages: through("Build", "Installing", "Upgrading") }),
  /** Nodes are in a phase that no source names. */
  unknownPhase: changed(standard, { stages: through("Reimaging") }),
  /** The default pool can be shown like any other. */
  defaultPoolShown: changed(standard, { showsDefaultPool: true }),
  /** A pool that is busy is locked instead of in the wrong state. */
  lockedWhileRunning: changed(standard, { whileRunning: { status: 429, code: "CCE.01429002" } }),
  /** Deleting a target makes the job fail ("Do not delete or reset nodes during batch synchronization"). */
  vanishingFailsJob: changed(standard, { vanishingFailsJob: true }),
  /** A node that is reset while the configuration of its pool changes is behind when it is back. */
  configurationAtStart: changed(standard, { readsConfiguration: "atStart" }),
  /** Sub-jobs name the server below a node, and no node. */
  subJobsNameServers: changed(standard, { subJobs: "servers" }),
  /** Sub-jobs name nobody. */
  subJobsNameNobody: changed(standard, { subJobs: "nobody" }),
  /** Every second node has a sub-job. */
  subJobsNameSome: changed(standard, { subJobs: "someNodes" }),
  /** Sub-jobs name their nodes in `spec.extendParam` only, and appear when their turn comes. */
  subJobsInTurn: changed(standard, { subJobs: "extendParam", subJobsAppear: "inTurn" }),
  /** Sub-jobs are below another one that names nobody. */
  nestedSubJobs: changed(standard, { subJobsNested: true }),
  /** A job without sub-jobs. */
  noSubJobs: changed(standard, { subJobs: "none" }),
  /** The condition shows with `advanceStatus=true` only, and there is no job. */
  advanceStatusNeeded: changed(noJob, { advanceStatus: "needed" }),
  /** `advanceStatus` is refused with 400. */
  advanceStatusRefused: changed(standard, { advanceStatus: "refused" }),
  /** The pool's update time moves with its status too. */
  poolUpdatesOften: changed(standard, { poolUpdateTime: "anyChange" }),
  /** The pool has no update time. */
  noPoolUpdateTime: changed(standard, { poolUpdateTime: "absent" }),
  /** What nodes say of themselves is ten minutes old. */
  oldProbes: changed(standard, { probes: "old" }),
  /** Nodes say neither when they were probed nor in which zone they are. */
  noProbes: changed(standard, { probes: "absent", zoneField: false }),
  /** Every third list comes from a replica that is behind; no job. */
  staleReplicas: changed(noJob, { replicaLag: 0.25 }),
} as const;

/** The name of a profile. */
export type ProfileName = keyof typeof profiles;
