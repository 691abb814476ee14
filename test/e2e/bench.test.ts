import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { root } from "../support/root.ts";

describe("npm run bench", () => {
  it("measures quickly without the vendor's SDK, and ends well when its bounds are met", async () => {
    const args = ["tools/bench/command.ts", "--quick"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    assert.match(stdout, /^ {2}up of 2 resources, until synced +[\d,.]+ ms +[\d,.]+ ms/m);
    assert.match(stdout, /^ {2}up of 2 resources, until synced, plugin +[\d,.]+ ms +[\d,.]+ ms/m);
    assert.match(stdout, /^All bounds are met/m);
    assert.ok(!stdout.includes(root), "no path is in the table");
  });
});
