import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { compare } from "../../tools/replay/comparison.ts";
import { TraceError } from "../../tools/replay/lines.ts";
import { profileOf } from "../../tools/replay/profile.ts";
import { readTrace } from "../../tools/replay/recording.ts";
import { replay } from "../../tools/replay/replay.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { holdsInTime, ofCases } from "../support/properties.ts";
import { root, textOf } from "../support/root.ts";

const folder = "test/fixtures/traces";
const traces = readdirSync(join(root, folder))
  .filter((file) => file.endsWith(".jsonl"))
  .map((file) => textOf(`${folder}/${file}`).trim().split("\n"));

/** What can happen to a trace between the one who records it and the one who replays it. */
type Damage = (lines: readonly string[]) => readonly string[];

const place = fc.nat(1000);
const standIn = fc.constantFrom(
  "node_1",
  "node_2",
  "name_1",
  "name_2",
  "pool_1",
  "job_1",
  "cluster_1",
  "content_1",
);
const anything = fc.oneof(
  fc.constantFrom(null, true, -1, 0, 0.5, 1e12, 1e300, "", "__proto__", "2026-01-02T03:04:05Z"),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The line with another value, or none, in one place. */
function edit(line: string, at: number, value: unknown): string {
  const parsed = JSON.parse(line);
  const places: [Record<string, unknown>, string][] = [];
  const visit = (part: unknown) => {
    if (typeof part !== "object" || part === null) return;
    for (const [key, inner] of Object.entries(part)) {
      places.push([part as Record<string, unknown>, key]);
      visit(inner);
    }
  };
  visit(parsed);
  const [parent, key] = places[at % places.length] ?? [{}, ""];
  if (value === undefined) delete parent[key];
  else parent[key] = value;
  return JSON.stringify(parsed);
}

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 5 })).map(
    ([at, count]): Damage =>
      (lines) =>
        lines.toSpliced(at % lines.length, count),
  ),
  fc.tuple(place, place).map(
    ([at, length]): Damage =>
      (lines) =>
        lines.with(at % lines.length, lines[at % lines.length]?.slice(0, length) ?? ""),
  ),
  fc.tuple(place, place).map(
    ([one, other]): Damage =>
      (lines) => {
        const [a, b] = [one % lines.length, other % lines.length];
        return lines.with(a, lines[b] ?? "").with(b, lines[a] ?? "");
      },
  ),
  fc.tuple(standIn, standIn).map(
    ([one, other]): Damage =>
      (lines) =>
        lines.map((line) => line.replaceAll(one, other)),
  ),
  fc.nat(traces.length - 1).map(
    (other): Damage =>
      (lines) => [...lines, ...(traces[other] ?? [])],
  ),
  fc.string().map(
    (garbage): Damage =>
      (lines) => [...lines, garbage],
  ),
);
const editing = fc.tuple(place, place, fc.option(anything, { nil: undefined })).map(
  ([line, at, value]): Damage =>
    (lines) => {
      const index = line % lines.length;
      return lines.with(index, edit(lines[index] ?? "{}", at, value));
    },
);

/** Plays a trace back as the command does. @throws TraceError when it is none. */
async function play(trace: string): Promise<void> {
  const recordings = readTrace(trace);
  profileOf(recordings);
  for (const recording of recordings) compare(recording, await replay(recording));
}

describe("a damaged trace", () => {
  it("is replayed, or refused in one sentence that says which line is the matter", async () => {
    await holdsInTime(
      fc.asyncProperty(
        fc.constantFrom(...traces),
        fc.option(editing, { nil: undefined }),
        fc.array(damage, { maxLength: 2 }),
        async (lines, edited, damages) => {
          const begun = edited === undefined ? lines : edited(lines);
          const trace = damages.reduce((damaged, each) => each(damaged), begun).join("\n");
          try {
            await play(trace);
          } catch (error) {
            assert.ok(error instanceof TraceError, String((error as Error).stack));
            assert.match(
              error.message,
              /^(line \d+ [^\n]+|there is no line of a trace in it|the runs in it .*)$/,
            );
          }
        },
      ),
      ofCases(500),
    );
  });

  for (const [what, prepare, why] of [
    ["is not there", () => undefined, /it cannot be read \(ENOENT\)/],
    ["is a folder", (path: string) => mkdirSync(path), /it is not a regular file/],
    ["is empty", (path: string) => writeFileSync(path, ""), /there is no line of a trace in it/],
    [
      "is no text",
      (path: string) => writeFileSync(path, Buffer.from([0, 255, 10, 1, 10])),
      /line 1 is damaged/,
    ],
    ["is too large", (path: string) => writeFileSync(path, Buffer.alloc(70e6)), /it is larger than 64 MiB/],
  ] as const) {
    it(`is reported by the command in one line: one that ${what}`, () =>
      withFolder(async (own) => {
        const path = join(own, "trace.jsonl");
        prepare(path);
        const { status, stderr } = spawnSync(process.execPath, ["tools/replay/command.ts", path], {
          cwd: root,
          encoding: "utf8",
        });
        assert.equal(status, 2);
        assert.match(stderr, why);
        assert.equal(stderr, `replay: ${path}: ${stderr.slice(`replay: ${path}: `.length).trim()}\n`);
      }));
  }
});
