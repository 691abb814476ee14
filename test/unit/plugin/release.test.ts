import assert from "node:assert/strict";
import { releasedSchema } from "../../../provider/plugin/release.ts";
import { packageSchema } from "../../support/inputs/pulumiSchema.ts";
import { textOf } from "../../support/root.ts";

const schema = JSON.parse(textOf("provider/plugin/schema.json"));

describe("the schema of a release", () => {
  it("has its version, and no address to download from while there is no repository", () => {
    const released = JSON.parse(releasedSchema(schema, { version: "1.2.3" }));
    assert.equal(released.version, "1.2.3");
    assert.equal(released.pluginDownloadURL, undefined);
    assert.ok(packageSchema.safeParse(released).success);
  });

  it("leads the engine to the releases of the repository that made it", () => {
    const repository = { url: "git+https://github.com/an-owner/a.name.git" };
    const released = JSON.parse(releasedSchema(schema, { version: "1.2.3-rc.1", repository }));
    assert.equal(released.pluginDownloadURL, "github://api.github.com/an-owner/a.name");
    assert.equal(released.repository, "https://github.com/an-owner/a.name");
    assert.ok(packageSchema.safeParse(released).success);
  });
});
