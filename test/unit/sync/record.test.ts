import assert from "node:assert/strict";
import type { Node } from "../../../provider/cce/model.ts";
import type { Declaration, Selection } from "../../../provider/sync/record/declaration.ts";
import { declare, resolveOwed } from "../../../provider/sync/record/declare.ts";
import { addDrift } from "../../../provider/sync/record/drift.ts";
import {
  accept,
  leaveUnconfirmed,
  leaveUntouched,
  send,
  withdraw,
} from "../../../provider/sync/record/openRequest.ts";
import {
  addOverlooked,
  close,
  dueNodes,
  forget,
  prove,
  type SyncRecord,
  settle,
} from "../../../provider/sync/record/record.ts";
import type { Words } from "../../../provider/sync/record/words.ts";

const place = { endpoint: "https://cce.example.com", projectId: "project" };
const base: SyncRecord = { version: 2, ...place, base: "x", off: [], owed: {}, tolerated: [] };
const pool: Selection = { clusterId: "c", nodePoolId: "p" };

const declaration = (more: Partial<Declaration> = {}): Declaration => ({
  ...pool,
  maxUnavailable: 1,
  wait: true,
  onCreate: "outdated",
  onChange: "all",
  hasTemplate: false,
  template: "",
  content: "x",
  body: (nodeIds) => ({ nodeIds }),
  ...more,
});

const node = (id: string, upToDate?: boolean): Node => ({
  id,
  name: id,
  poolId: "p",
  phase: "Active",
  upToDate,
});
const behind = node("behind", false);
const current = node("current", true);
const silent = node("silent");
const nodes = [behind, current, silent];

/** Takes nodes by their word. */
const words: Words = {
  isExempt: ({ upToDate }) => upToDate === true,
  note: ({ upToDate }) => upToDate ?? null,
};

const create = (more: Partial<Declaration> = {}) =>
  declare(undefined, undefined, place, declaration(more), nodes, words);

/** The record after what is declared has changed. */
function change(
  record: SyncRecord,
  more: Partial<Declaration>,
  before: Partial<Selection> = {},
  all: readonly Node[] = nodes,
): SyncRecord {
  const recorded = { selection: { ...pool, ...before }, content: "x" };
  return declare(recorded, record, place, declaration(more), all, words);
}

const request = { sentAt: "2026-01-02T03:04:05Z", before: {} };
const sent = (record: SyncRecord, ...named: Node[]) =>
  accept(send(record, named, request, words), "job", request.sentAt);

describe("the record, when a resource is created,", () => {
  it("owes the nodes that do not say that they are up to date, each with what it says", () => {
    const { owed, off, tolerated, base: content } = create();
    assert.deepEqual(owed, { behind: false, silent: null });
    assert.deepEqual([off, tolerated, content], [["behind", "silent"], [], "x"]);
  });

  it("owes every node with `all`, and with a template, since nothing says who has that", () => {
    const every = { behind: false, current: true, silent: null };
    assert.deepEqual(create({ onCreate: "all" }).owed, every);
    assert.deepEqual(create({ hasTemplate: true }).owed, every);
  });

  it("owes nothing with `nothing`, and leaves those alone that say that they are behind", () => {
    const { owed, off, tolerated } = create({ onCreate: "nothing", hasTemplate: true });
    assert.deepEqual([owed, off, tolerated], [{}, [], ["behind"]]);
  });

  it("owes selected nodes only", () => {
    assert.deepEqual(create({ nodeIds: ["silent"] }).owed, { silent: null });
    assert.deepEqual(create({ excludeNodeIds: ["silent"] }).owed, { behind: false });
  });

  it("keeps the way to compare the password, and loses it with the password", () => {
    assert.equal(create({ password: "digest" }).password, "digest");
    assert.ok(!("password" in change({ ...base, password: "digest" }, {})));
  });
});

describe("the record, when the content changes,", () => {
  it("owes every node, selected or not, and tolerates nobody", () => {
    const record = change({ ...base, tolerated: ["behind"] }, { content: "y", excludeNodeIds: ["silent"] });
    assert.deepEqual(record.owed, { behind: false, current: true, silent: null });
    assert.deepEqual([record.tolerated, record.base], [[], "x"]);
  });

  it("owes those that do not say that they are up to date with `outdated`, unless it carries a template", () => {
    assert.deepEqual(change(base, { content: "y", onChange: "outdated" }).owed, {
      behind: false,
      silent: null,
    });
    const every = { behind: false, current: true, silent: null };
    assert.deepEqual(change(base, { content: "y", onChange: "outdated", hasTemplate: true }).owed, every);
  });

  it("owes the named nodes and those that are owed already, where nodes are named", () => {
    const record = { ...base, owed: { silent: null }, off: ["silent"] };
    assert.deepEqual(change(record, { content: "y", nodeIds: ["current"] }).owed, {
      silent: null,
      current: true,
    });
  });

  it("owes only those that had left it when it goes back to the content that all others have", () => {
    const record = { ...base, off: ["behind"], owed: { behind: false, current: true, silent: null } };
    assert.deepEqual(change(record, { content: "x" }, {}, nodes).owed, record.owed, "no change of content");
    const recorded = { selection: pool, content: "y" };
    const back = declare(recorded, record, place, declaration(), nodes, words);
    assert.deepEqual(back.owed, { behind: false });
  });

  it("waits for an open request, which proves nothing any more", () => {
    const record = sent({ ...base, owed: { behind: false } }, behind);
    assert.equal(change(record, { content: "y" }).request?.superseded, true);
  });

  it("forgets a request of which nothing was seen", () => {
    const record = leaveUnconfirmed(sent({ ...base, owed: { behind: false } }, behind));
    assert.equal(record.request?.unconfirmed, true);
    assert.equal(change(record, { content: "y" }).request, undefined);
  });
});

describe("the record, when the selection changes,", () => {
  it("treats nodes that join as at creation", () => {
    const before = { nodeIds: ["current"] };
    assert.deepEqual(change(base, {}, before).owed, { behind: false, silent: null });
    assert.deepEqual(change(base, { onCreate: "all", nodeIds: ["silent"] }, before).owed, { silent: null });
    assert.deepEqual(change(base, { onCreate: "nothing" }, before).tolerated, ["behind"]);
  });

  it("ends no debt of nodes that leave", () => {
    const record = { ...base, owed: { behind: false }, off: ["behind"] };
    assert.deepEqual(change(record, { excludeNodeIds: ["behind"] }).owed, { behind: false });
  });

  it("owes nothing to nodes that left with the content and come back", () => {
    const without = change(base, { excludeNodeIds: ["silent"] });
    assert.deepEqual(without.setAside, ["silent"]);
    const again = change(without, {}, { excludeNodeIds: ["silent"] });
    assert.deepEqual([again.owed, again.setAside], [{}, undefined]);
  });
});

describe("the record, after a look,", () => {
  it("owes a selected node that says that it is behind, for that alone", () => {
    assert.deepEqual(addDrift(base, nodes, words).owed, { behind: "behind" });
  });

  it("owes it no more when it says that it is up to date, unless it is owed for the content", () => {
    const record: SyncRecord = { ...base, owed: { current: "behind" } };
    assert.deepEqual(addDrift(record, nodes, words).owed, { behind: "behind" });
    assert.deepEqual(addDrift({ ...base, owed: { current: false } }, [current], words).owed, {
      current: false,
    });
  });

  it("leaves a tolerated node alone until it says that it is up to date", () => {
    const record = addDrift({ ...base, tolerated: ["behind", "current"] }, nodes, words);
    assert.deepEqual([record.owed, record.tolerated], [{}, ["behind"]]);
  });

  it("owes a node that no list had shown", () => {
    const record = addOverlooked(base, "late");
    assert.deepEqual([record.owed, record.off], [{ late: null }, ["late"]]);
    assert.equal(addOverlooked(record, "late"), record);
  });

  it("owes, of a state that named none, the nodes that existed then", () => {
    const record: SyncRecord = { ...base, unresolved: { watermark: "2026-01-02T03:04:05Z" } };
    const created = nodes.map((node) => ({ ...node, createdAt: "2026-01-02T03:04:05Z" }));
    const later = { ...silent, createdAt: "2026-01-02T03:04:06Z" };
    const resolved = resolveOwed(record, [...created.slice(0, 2), later]);
    assert.deepEqual(resolved.owed, { behind: null, current: null });
    assert.ok(!("unresolved" in resolved));
  });

  it("has a node that is gone in none of its lists", () => {
    const full: SyncRecord = {
      ...sent({ ...base, owed: { behind: false, silent: null } }, behind, silent),
      tolerated: ["behind"],
      setAside: ["behind"],
    };
    const { owed, off, tolerated, setAside, request: open } = forget(full, "behind");
    assert.deepEqual(
      [owed, off, tolerated, setAside, open?.ids],
      [{ silent: null }, ["silent"], [], undefined, ["silent"]],
    );
  });
});

describe("the record, when a request", () => {
  const owing: SyncRecord = { ...base, owed: { behind: null, silent: "again" }, off: [] };

  it("leaves, names its nodes, notes what they say, and lets them have another content", () => {
    const record = send(owing, [behind, silent], request, words);
    assert.deepEqual(record.request, { ...request, ids: ["behind", "silent"], accepted: false });
    assert.deepEqual([record.owed, record.off], [{ behind: false, silent: "again" }, ["behind", "silent"]]);
  });

  it("is accepted, keeps the job of its answer", () => {
    const { request: open } = sent(owing, behind);
    assert.deepEqual([open?.accepted, open?.jobId], [true, "job"]);
    assert.equal(accept(base, "job", request.sentAt), base);
  });

  it("is accepted by an answer without a job, keeps when that came: the job was created by then", () => {
    const open = accept(send(base, [behind], request, words), undefined, "2026-01-02T03:04:06Z").request;
    assert.deepEqual(
      [open?.accepted, open?.jobId, open?.answeredAt],
      [true, undefined, "2026-01-02T03:04:06Z"],
    );
  });

  it("was certainly not taken, is as before", () => {
    const record = send(owing, [behind], request, words);
    assert.deepEqual(withdraw(record, owing), { ...owing, owed: { behind: false, silent: "again" } });
  });

  it("is proven to have touched a node, owes it nothing and lets it have the content", () => {
    const record = prove(sent(owing, behind), "behind", "x", false);
    assert.deepEqual([record.owed, record.off], [{ silent: "again" }, []]);
    const other = prove(sent(owing, behind), "behind", "y", false);
    assert.deepEqual(other.off, ["behind"], "until all others have the new content");
    assert.equal(prove(base, "behind", "x", false), base);
  });

  it("has reset a node that says that it is behind even so, resets it once more and then tolerates it", () => {
    const once = prove(sent(owing, behind), "behind", "x", true);
    assert.equal(once.owed.behind, "again");
    const twice = prove(once, "behind", "x", true);
    assert.deepEqual([twice.owed, twice.tolerated], [{ silent: "again" }, ["behind"]]);
  });

  it("never came to a node, knows that it has the content of before", () => {
    assert.deepEqual(leaveUntouched(sent(owing, behind), "behind", owing.off).off, []);
    const before = { ...owing, off: ["behind"] };
    assert.deepEqual(leaveUntouched(sent(before, behind), "behind", before.off).off, ["behind"]);
  });

  it("is over, has no request, and owes what it did not prove", () => {
    const record = close(sent(owing, behind));
    assert.deepEqual([record.request, record.owed], [undefined, { behind: false, silent: "again" }]);
  });
});

describe("the record, when nothing is due,", () => {
  it("takes the content for that of all nodes but those that are still owed it", () => {
    const owed = { hidden: null, drifted: "behind" } as const;
    const record = settle({ ...base, off: ["hidden", "proven"], owed }, "y", [], false);
    assert.deepEqual([record.base, record.off, record.owed], ["y", ["hidden"], owed]);
  });

  it("is some hundred bytes when nothing is owed", () => {
    assert.ok(JSON.stringify(settle(base, "y", [], false)).length < 300);
  });
});

describe("what is due", () => {
  it("is what is owed, selected and there", () => {
    const record: SyncRecord = { ...base, owed: { behind: false, silent: "behind", gone: null } };
    const due = dueNodes(record, { ...pool, excludeNodeIds: ["silent"] }, nodes);
    assert.deepEqual(due, [behind]);
  });
});
