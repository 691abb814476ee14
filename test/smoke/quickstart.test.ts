import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { root } from "../support/root.ts";

describe("npm start", () => {
  it("runs the quick start: each step does what it should, and the password is an encrypted input in the state", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["tools/start.ts"], { cwd: root });
    assert.match(stdout, /files that contain it in plain text: 0\n/);
  });
});
