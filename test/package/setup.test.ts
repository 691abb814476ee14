import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/root.ts";

describe("the set-up before a command", () => {
  const clone = mkdtempSync(join(tmpdir(), "setup-"));
  before(() => {
    for (const folder of ["tools", "provider", "sdk", "emulator", "node_modules"])
      mkdirSync(join(clone, folder));
    copyFileSync(join(root, "tools/setup.mjs"), join(clone, "tools/setup.mjs"));
    for (const file of ["tools/build.ts", "provider/index.ts", "package-lock.json"])
      writeFileSync(join(clone, file), "");
    writeFileSync(join(clone, "package.json"), JSON.stringify({ scripts: { build: "mkdir dist" } }));
    writeFileSync(join(clone, "node_modules/.package-lock.json"), "");
  });
  after(() => rmSync(clone, { recursive: true }));

  const setUp = () => execFileSync(process.execPath, [join(clone, "tools/setup.mjs")], { stdio: "pipe" });

  it("builds the package where a source is newer, and leaves what others may be running alone where none is", () => {
    setUp();
    assert.ok(existsSync(join(clone, "dist")));
    // The stand-in of the build fails where dist is there already.
    setUp();
    const later = new Date(Date.now() + 1000);
    utimesSync(join(clone, "provider/index.ts"), later, later);
    assert.throws(setUp, /the package cannot be built/);
  });
});
