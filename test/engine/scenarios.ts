import assert from "node:assert/strict";
import type { StateResource } from "../../tools/engine/index.ts";
import type { DeclaredProgram } from "../support/programs/engineHarness.ts";

/** One operation on the stack that all scenarios share, what changes before it, and what must come of it. */
export interface Scenario {
  title: string;
  run: "preview" | "up" | "upRefresh" | "refresh" | "destroy";
  change?: (program: DeclaredProgram) => void;
  changes: Record<string, number>;
  /** Steps that are not "same" or "refresh", as `<op> <name>`, in any order. */
  steps: string[];
  /** Errors besides "update failed" and the like, as `<resource>: <message>`. Without any, it must succeed. */
  errors?: string[];
  state?: (resources: StateResource[], named: (name: string) => StateResource) => void;
}

const base: DeclaredProgram["things"] = {
  group: { group: true },
  child: { inputs: { value: 1 }, options: { parent: "group" } },
  a: {
    inputs: { value: 1, list: [1, null, 2], nested: { deep: { x: 1 } } },
    secrets: { password: "pass-canary" },
    options: { customTimeouts: { create: "10m", update: "90s" } },
  },
  b: {
    inputs: { value: 1 },
    from: { origin: "a" },
    options: { dependsOn: ["group"] },
  },
};

const set = (name: string, inputs: Record<string, unknown>) => (program: DeclaredProgram) => {
  Object.assign(thing(program, name).inputs as object, inputs);
};

function thing(program: DeclaredProgram, name: string) {
  const found = program.things[name];
  assert.ok(found, name);
  return found;
}

const INIT_FAILURE = "2 errors occurred:\n\t* first reason\n\t* second reason";

/** In the order in which they run: each begins with what the one before it has left. */
export const scenarios: readonly Scenario[] = [
  {
    title: "a preview of a new stack reports the creates and leaves no state",
    run: "preview",
    change: (program) => Object.assign(program.things, structuredClone(base)),
    changes: { create: 5 },
    steps: ["create scripted-dev", "create group", "create child", "create a", "create b"],
    state: (resources) => assert.deepEqual(resources, []),
  },
  {
    title: "the first update creates everything, dependents after what they depend on",
    run: "up",
    changes: { create: 5 },
    steps: ["create scripted-dev", "create group", "create child", "create a", "create b"],
    state: (_, named) => {
      assert.equal(named("b").inputs?.origin, "made of 1");
      assert.equal(named("a").id, "id-0");
      assert.deepEqual(named("a").customTimeouts, { create: 600, update: 90 });
      assert.deepEqual(named("group").outputs, { grouped: true });
    },
  },
  { title: "an update without a change does nothing", run: "up", changes: { same: 5 }, steps: [] },
  {
    title: "a preview of a change reports the update and what may follow from it",
    run: "preview",
    change: set("a", { value: 2 }),
    changes: { same: 3, update: 2 },
    steps: ["update a", "update b"],
  },
  {
    title: "a change is an update, and dependents follow",
    run: "up",
    changes: { same: 3, update: 2 },
    steps: ["update a", "update b"],
    state: (_, named) => assert.equal(named("b").inputs?.origin, "made of 2"),
  },
  {
    title: "inputs that a check refuses end the update, with the reasons under the resource",
    run: "up",
    change: set("a", { check: "plain", value: 3 }),
    changes: {},
    steps: [],
    errors: [
      "a: pulumi-nodejs:dynamic:Resource resource 'a' has a problem: password: must be longer\nand better",
    ],
    state: (_, named) => assert.equal(named("a").inputs?.value, 2),
  },
  {
    title: "a check that throws ends the update",
    run: "up",
    change: set("a", { check: "throw" }),
    changes: {},
    steps: [],
    errors: ["a: check threw"],
  },
  {
    title: "an update that throws leaves the old state",
    run: "up",
    change: set("a", { check: "", update: "throw" }),
    changes: {},
    steps: ["update a"],
    errors: ["a: update threw"],
    state: (_, named) => assert.equal(named("a").inputs?.value, 2),
  },
  {
    title: "an init failure of an update keeps the old inputs, the new outputs and the reasons",
    run: "up",
    change: set("a", { update: "half" }),
    changes: {},
    steps: ["update a"],
    errors: [`a: ${INIT_FAILURE}`],
    state: (_, named) => {
      assert.equal(named("a").inputs?.value, 2);
      assert.equal(named("a").outputs?.half, true);
      assert.deepEqual(named("a").initErrors, ["first reason", "second reason"]);
    },
  },
  {
    title: "a resource with init errors is updated again, and is healthy then",
    run: "up",
    change: set("a", { update: "", value: 2 }),
    changes: { same: 4, update: 1 },
    steps: ["update a"],
    state: (_, named) => assert.equal(named("a").initErrors, undefined),
  },
  {
    title: "a preview of a replacement reports its create, its delete and what follows",
    run: "preview",
    change: set("a", { identity: 1 }),
    changes: { same: 3, replace: 1, update: 1 },
    steps: ["create-replacement a", "replace a", "update b", "delete-replaced a"],
  },
  {
    title: "a replacement creates, updates the dependents, and deletes last",
    run: "up",
    changes: { same: 4, replace: 1 },
    steps: ["create-replacement a", "replace a", "delete-replaced a"],
    state: (_, named) => assert.equal(named("a").id, "id-1"),
  },
  {
    title: "an init failure of a replacement keeps the new resource, and the old one until it is deleted",
    run: "up",
    change: set("a", { identity: 2, create: "half" }),
    changes: {},
    steps: ["create-replacement a"],
    errors: [`a: ${INIT_FAILURE}`],
    state: (resources) => {
      const ids = resources.filter(({ urn }) => urn.endsWith("::a")).map((a) => [a.id, a.delete ?? false]);
      assert.deepEqual(ids.sort(), [
        ["id-1", true],
        ["id-2", false],
      ]);
    },
  },
  {
    title: "the next update repairs the new resource and deletes the old one",
    run: "up",
    change: set("a", { create: "" }),
    changes: { same: 4, update: 1 },
    steps: ["update a", "delete-replaced a"],
    state: (resources) => assert.equal(resources.filter(({ urn }) => urn.endsWith("::a")).length, 1),
  },
  {
    title: "a provider can force an update where nothing has changed",
    run: "up",
    change: set("a", { diff: "some" }),
    changes: { same: 4, update: 1 },
    steps: ["update a"],
  },
  {
    title: "a provider can suppress a change",
    run: "up",
    change: set("a", { diff: "none", value: 10 }),
    changes: { same: 5 },
    steps: [],
    state: (_, named) => assert.equal(named("a").inputs?.value, 10),
  },
  {
    title: "a refresh takes over what it finds, and forgets what is gone",
    run: "refresh",
    change: (program) => {
      program.found = { a: { value: 77 }, child: "gone" };
      set("a", { diff: "" })(program);
    },
    changes: { same: 4, delete: 1 },
    steps: [],
    state: (resources, named) => {
      assert.equal(named("a").outputs?.value, 77);
      assert.ok(!resources.some(({ urn }) => urn.endsWith("::child")));
    },
  },
  {
    title: "a refresh in which one resource cannot be read fails, and keeps what it found of the others",
    run: "refresh",
    change: (program) => {
      program.found = { a: { value: 78 }, b: "throw" };
    },
    changes: {},
    steps: [],
    errors: ["b: read threw"],
    state: (_, named) => assert.equal(named("a").outputs?.value, 78),
  },
  {
    title: "an update with a refresh reads first, then creates what is missing",
    run: "upRefresh",
    change: (program) => {
      program.found = {};
    },
    changes: { create: 1, same: 2, update: 2 },
    steps: ["create child", "update a", "update b"],
  },
  {
    title: "a create that throws leaves nothing, and what was under way is kept",
    run: "up",
    change: (program) => {
      program.things.c = { inputs: { value: 1, create: "throw" } };
    },
    changes: {},
    steps: ["create c"],
    errors: ["c: create threw"],
    state: (resources) => assert.ok(!resources.some(({ urn }) => urn.endsWith("::c"))),
  },
  {
    title: "an init failure of a create keeps the resource with its reasons",
    run: "up",
    change: set("c", { create: "half" }),
    changes: {},
    steps: ["create c"],
    errors: [`c: ${INIT_FAILURE}`],
    state: (_, named) => assert.deepEqual(named("c").initErrors, ["first reason", "second reason"]),
  },
  {
    title: "the next update brings it in order by an update",
    run: "up",
    change: set("c", { create: "" }),
    changes: { same: 5, update: 1 },
    steps: ["update c"],
  },
  {
    title: "a resource that depends on another is created after it",
    run: "up",
    change: (program) => {
      program.things.d = { inputs: { value: 1 }, from: { origin: "c" } };
    },
    changes: { same: 6, create: 1 },
    steps: ["create d"],
  },
  {
    title: "resources taken out of the program are deleted, dependents first",
    run: "up",
    change: (program) => {
      delete program.things.c;
      delete program.things.d;
    },
    changes: { same: 5, delete: 2 },
    steps: ["delete c", "delete d"],
  },
  {
    title: "an existing resource that the program looks up is read, not created",
    run: "up",
    change: (program) => {
      program.things.looked = { inputs: { value: 5 }, options: { id: "id-elsewhere" } };
    },
    changes: { same: 5 },
    steps: ["read looked"],
    state: (_, named) => {
      assert.equal(named("looked").external, true);
      assert.equal(named("looked").id, "id-elsewhere");
    },
  },
  {
    title: "a destroy deletes everything",
    run: "destroy",
    changes: { delete: 5, discard: 1 },
    steps: [
      ...["delete b", "delete child", "delete group", "delete a", "delete scripted-dev"],
      "discard looked",
    ],
    state: (resources) => assert.deepEqual(resources, []),
  },
];
