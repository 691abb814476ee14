import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { measureReading } from "../tools/bench/reading.ts";
import { formatTable, isMet, type Row } from "../tools/bench/table.ts";
import { root, textOf } from "./support/root.ts";

const row: Row = { what: "loading", unit: "ms", ours: 30, other: 120 };

describe("the bench's table", () => {
  it("puts the ratio beside the figures, and says of each bound whether it is met", () => {
    const rows: Row[] = [
      { ...row, bound: { of: "ratio", most: 0.25 } },
      { ...row, what: "signing", ours: 299, other: 100, unit: "a second", bound: { of: "ratio", least: 3 } },
      { what: "__provider", unit: "bytes", ours: 1212, bound: { of: "ours", most: 700 } },
    ];
    const lines = formatTable([{ title: "All", how: "Somehow.", rows }]).split("\n");
    assert.deepEqual(
      lines.slice(-3).map((line) => line.trim().split(/ {2,}/)),
      [
        ["loading", "30 ms", "120 ms", "0.25", "ratio <= 0.25", "met"],
        ["signing", "299 a second", "100 a second", "2.99", "ratio >= 3", "MISSED"],
        ["__provider", "1,212 bytes", "<= 700 bytes", "MISSED"],
      ],
    );
    assert.equal(new Set(lines.slice(-3).map((line) => line.search(/met|MISSED/))).size, 1);
  });

  it("counts a bound on a ratio as missed when there is nothing to compare with, and none as neither", () => {
    assert.equal(isMet({ ...row, other: undefined, bound: { of: "ratio", most: 1 } }), false);
    assert.equal(isMet(row), undefined);
  });
});

describe("the bench", () => {
  it("finds that the lists read in a tick are as many for many pools as for one", async () => {
    const { rows } = await measureReading([1, 40]);
    const ticks = rows.filter(({ what }) => what.endsWith("busiest tick"));
    assert.deepEqual(
      ticks.map(({ ours }) => ours),
      [2, 2],
    );
    assert.ok(ticks.every(isMet));
  });

  it("measures quickly without the vendor's SDK, and ends well when its bounds are met", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/bench/command.ts", "--quick"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^ {2}__provider +[\d,]+ bytes .* <= 700 bytes +met$/m);
    assert.match(stdout, /^ {2}up of 2 resources, until synced +[\d,.]+ ms +[\d,.]+ ms/m);
    assert.match(stdout, /^ {2}a look \(GET\) +[\d,]+ a second$/m);
    assert.match(stdout, /^All bounds are met/m);
    assert.ok(!stdout.includes(root), "no path is in the table");
  });

  it("names no registry's host in the lockfile of the vendor's SDK", () => {
    assert.doesNotMatch(textOf("tools/bench/vendor/package-lock.json"), /"resolved"/);
  });
});
