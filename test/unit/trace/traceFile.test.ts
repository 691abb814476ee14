import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { openTraceFile } from "../../../provider/trace/traceFile.ts";
import { withFolder } from "../../support/programs/temporaryFolder.ts";
import { root } from "../../support/root.ts";

const line = '{"trace":"session"}\n';
const modeOf = (path: string) => statSync(path).mode & 0o777;

/** A process of its own that writes lines until one is refused; it says why. */
function writer(path: string, shell = "exec"): ChildProcessByStdio<null, Readable, null> {
  const module = JSON.stringify(join(root, "provider/trace/traceFile.ts"));
  const program = `
    const { openTraceFile } = await import(${module});
    const file = openTraceFile(${JSON.stringify(path)});
    const write = (count) => file.write({ trace: "report", count, text: "x".repeat(5000) });
    for (let count = 0; write(count); count += 1) if (count === 100) console.log("written");
    console.log(file.fault());`;
  const command = `${shell} "$0" --input-type=module --eval "$1"`;
  return spawn("sh", ["-c", command, process.execPath, program], { stdio: ["ignore", "pipe", "inherit"] });
}

/** The counts in the lines of a file, of which the last one may be cut off. */
function countsIn(text: string): number[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((each) => JSON.parse(each).count);
}

describe("the file of a trace", () => {
  it("is its owner's only, also when it was there with other rights", () =>
    withFolder(async (folder) => {
      const path = join(folder, "trace.jsonl");
      writeFileSync(path, line);
      chmodSync(path, 0o666);
      openTraceFile(path).write({ trace: "report" });
      assert.equal(modeOf(path), 0o600);
      assert.equal(readFileSync(path, "utf8"), `${line}{"trace":"report"}\n`);
      openTraceFile(join(folder, "new"));
      assert.equal(modeOf(join(folder, "new")), 0o600);
    }));

  for (const [what, prepare, why] of [
    ["a link", (path: string) => symlinkSync("elsewhere", path), /is a symbolic link; name the file itself/],
    ["a folder", (path: string) => mkdirSync(path), /cannot be opened to write \(EISDIR\)/],
    ["something else", (path: string) => writeFileSync(path, "key"), /is not a trace; name a new file/],
  ] as const) {
    it(`is refused where it is ${what}`, () =>
      withFolder(async (folder) => {
        const path = join(folder, "trace.jsonl");
        prepare(path);
        assert.throws(() => openTraceFile(path), why);
      }));
  }

  it("begins a line of its own after one that was cut off", () =>
    withFolder(async (folder) => {
      const path = join(folder, "trace.jsonl");
      writeFileSync(path, '{"trace":"verd');
      openTraceFile(path).write({ trace: "session" });
      assert.equal(readFileSync(path, "utf8"), `{"trace":"verd\n${line}`);
    }));

  it("has whole lines only when its writer was killed", () =>
    withFolder(async (folder) => {
      const path = join(folder, "trace.jsonl");
      const child = writer(path);
      await once(child.stdout, "data");
      child.kill("SIGKILL");
      await once(child, "close");
      const written = readFileSync(path, "utf8");
      const counts = countsIn(written);
      assert.ok(written.endsWith("\n") && counts.length > 100);
      assert.deepEqual(counts, [...counts.keys()]);
    }));

  it("grows no larger than its size and the space for small lines, whoever else writes to it, and says so", () =>
    withFolder(async (folder) => {
      const path = join(folder, "trace.jsonl");
      const size = 100_000;
      const files = [openTraceFile(path, size), openTraceFile(path, size)];
      const large = { trace: "exchange", body: "x".repeat(20_000) };
      for (let count = 0; count < 10; count += 1) for (const file of files) file.write(large);
      assert.ok(statSync(path).size <= size);
      assert.equal(files[0]?.write({ trace: "end" }, true), true);
      assert.match(files[0]?.fault() ?? "", /trace\.jsonl is full, name a new file/);
    }));

  it("says so when there is no more space for it", () =>
    withFolder(async (folder) => {
      const path = join(folder, "trace.jsonl");
      const child = writer(path, "ulimit -f 64; exec");
      assert.match(
        await text(child.stdout),
        /trace\.jsonl could not be written \((the disk is full|EFBIG)\)/,
      );
      assert.ok(countsIn(readFileSync(path, "utf8")).length > 0);
    }));
});
