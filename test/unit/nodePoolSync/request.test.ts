import assert from "node:assert/strict";
import { clusterPath, syncPath } from "../../../provider/cce/paths.ts";

describe("the request of a sync", () => {
  it("has a path of escaped parts, which no id can leave", () => {
    assert.equal(
      syncPath("p/1", "c?d", "n#%é"),
      "/api/v3/projects/p%2F1/clusters/c%3Fd/nodepools/n%23%25%C3%A9/operation/upgrade",
    );
    assert.equal(clusterPath("p", "../x"), "/api/v3/projects/p/clusters/..%2Fx");
  });
});
