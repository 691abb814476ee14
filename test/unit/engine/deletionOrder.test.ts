import assert from "node:assert/strict";
import { deletionOrder } from "../../../tools/engine/embedded/dependencies.ts";
import type { ResourceState } from "../../../tools/engine/embedded/state.ts";
import { resource } from "../../support/engineHarness.ts";

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
