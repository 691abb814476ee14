/** The shapes of what a run says of itself: what it was asked for, what it concluded, and how it ended. */

import {
  amount,
  byId,
  id,
  list,
  moment,
  omitted,
  plain,
  record,
  type Shape,
  sentence,
  time,
  word,
} from "./shapes.ts";

const nodes = list(id("node"));

const selection = {
  clusterId: id("cluster"),
  nodePoolId: id("pool"),
  nodeIds: nodes,
  excludeNodeIds: nodes,
};

const syncRecord = record({
  version: plain,
  endpoint: id("place"),
  projectId: id("project"),
  password: omitted,
  base: id("content"),
  off: nodes,
  owed: byId("node", word),
  tolerated: nodes,
  setAside: nodes,
  outside: nodes,
  soaking: nodes,
  request: record({
    ids: nodes,
    jobId: id("job"),
    accepted: plain,
    sentAt: time,
    answeredAt: time,
    before: record({ jobId: id("job"), transition: time, updatedAt: time, working: nodes }),
    superseded: plain,
    unconfirmed: plain,
  }),
  unresolved: record({ watermark: time }),
  lag: plain,
});

const progress = record({
  status: word,
  jobId: id("job"),
  acceptedAt: time,
  finishedAt: time,
  targetNodeCount: plain,
  syncedNodeCount: plain,
  skippedNodeCount: plain,
  failedNodes: list(record({ id: id("node"), name: id("name"), reason: sentence })),
  outdatedNodeIds: nodes,
});

/** What a run notes, by the kind of its line; whoever adds a kind adds its shape. */
export const runShapes = {
  /** What the run was asked for, and what was recorded before it. */
  run: record({
    verb: word,
    subject: id("resource"),
    endpoint: id("place"),
    projectId: id("project"),
    interval: plain,
    timeout: plain,
    declaration: record({
      ...selection,
      maxUnavailable: amount,
      rollout: record({
        canary: amount,
        waveSize: amount,
        zoneByZone: plain,
        soak: plain,
        maxFailures: plain,
      }),
      wait: plain,
      onCreate: word,
      onChange: word,
      hasTemplate: plain,
      template: id("content"),
      content: id("content"),
      password: omitted,
      mostNodes: plain,
      body: omitted,
    }),
    recorded: record({ selection: record(selection), content: id("content"), record: syncRecord, progress }),
  }),
  /** A look at the cluster: when it was asked for, and the number and the time of the read that it is; runs share reads. */
  look: record({ asked: moment, read: plain, readAt: moment }),
  /** The declaration is entered: the nodes that are owed, and those of them that this run has to bring up to date. */
  declared: record({ owed: byId("node", word), due: nodes }),
  /** What a look at the service amounts to. */
  verdict: record({
    nodes: list(
      record({
        id: id("node"),
        name: id("name"),
        phase: word,
        state: word,
        proof: word,
        saysBehind: plain,
        isUntouched: plain,
        wasReached: plain,
        reason: sentence,
      }),
    ),
    isOpen: plain,
    begun: plain,
    isRunning: plain,
    isUnconfirmed: plain,
    rest: word,
    reasons: list(sentence),
  }),
  /** What is reported to the user. */
  report: record({ severity: word, message: sentence }),
  /** What the run came to. */
  end: record({
    isEntered: plain,
    record: syncRecord,
    progress,
    text: sentence,
    severity: word,
    name: id("name"),
    nodes: list(
      record({
        id: id("node"),
        name: id("name"),
        phase: word,
        upToDate: plain,
        zone: id("zone"),
        reason: sentence,
      }),
    ),
    synchronizing: plain,
    error: record({ name: word, code: sentence, message: sentence }),
  }),
} as const satisfies Record<string, Shape>;

/** The kinds of line that a run writes. */
export type RunLine = keyof typeof runShapes;
