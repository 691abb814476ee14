import assert from "node:assert/strict";
import { deletionOrder } from "../../local/engine/embedded/dependencies.ts";
import type { ResourceState } from "../../local/engine/embedded/state.ts";

const resource = (name: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn: `urn:pulumi:dev::p::t:m:T::${name}`,
  type: "t:m:T",
  custom: true,
  inputs: {},
  outputs: {},
  ...more,
});

describe("the order of deletions", () => {
  const parent = resource("group", { custom: false });
  const child = resource("child", { parent: parent.urn });
  const user = resource("user", { dependencies: [parent.urn] });
  const free = resource("free");
  const all = [parent, child, free, user];
  const order = (...condemned: ResourceState[]) =>
    deletionOrder(all, new Set(condemned)).map((group) =>
      group.map(({ urn }) => urn.split("::").at(-1)).sort(),
    );

  it("puts dependents and children first; to need a component is to need its children", () =>
    assert.deepEqual(order(...all), [["user"], ["child"], ["free", "group"]]));

  it("looks only at what is to be deleted", () => assert.deepEqual(order(user, free), [["free", "user"]]));
});
