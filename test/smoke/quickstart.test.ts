import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { root } from "../support/root.ts";

describe("npm start", () => {
  it("runs the quick start: each step does what it should", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["tools/start.ts"], { cwd: root });
    assert.equal(stdout.match(/^✔ /gm)?.length, 6, stdout);
    assert.doesNotMatch(stdout, /^✘ /m);
  });
});
