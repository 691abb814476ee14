import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import { compare, type RunDifferences } from "../../tools/replay/comparison.ts";
import { readTrace } from "../../tools/replay/recording.ts";
import { replay } from "../../tools/replay/replay.ts";
import { outcomeOf, outcomesOfAll } from "../support/lifecycle/outcome.ts";
import { recordTrace } from "../support/lifecycle/traces.ts";
import { root, textOf } from "../support/root.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { outdate } from "../support/service/outdate.ts";

const folder = "test/fixtures/traces";
const files = readdirSync(`${root}/${folder}`).filter((file) => file.endsWith(".jsonl"));

const again = (inputs: Inputs, at: number): Inputs => ({ ...inputs, onCreate: "all", triggers: [at] });

/** Where today's decisions differ from those of a trace, or which of them are drawn at other times. */
async function differencesIn(
  trace: string,
  kind: "differences" | "shifts" = "differences",
): Promise<string[]> {
  const compared: RunDifferences[] = [];
  for (const recording of readTrace(trace)) compared.push(...compare(recording, await replay(recording)));
  assert.ok(compared.length > 0);
  return compared.flatMap((run) => run[kind]);
}

describe("a recorded trace", () => {
  for (const file of files) {
    it(`leads to the same decisions today: ${file}`, async () => {
      assert.deepEqual(await differencesIn(textOf(`${folder}/${file}`)), []);
    });
  }

  it("is on unlike profiles, and holds no password and no script", () => {
    assert.ok(files.length >= 8);
    const texts = Object.fromEntries(files.map((file) => [file, textOf(`${folder}/${file}`)]));
    assertNoSecret(texts, ["Canary-7-plain", "echo canary-of-a-script"]);
  });
});

describe("the replay of a trace", () => {
  const trace = textOf(`${folder}/emulator-four-nodes.jsonl`);
  /** The trace with each line edited. */
  const edited = (edit: (line: string) => string) => trace.split("\n").map(edit).join("\n");

  it("leads the runs of many pools at once, and of a pool after the other, to the same decisions", async () => {
    const recorded = await recordTrace({ pools: 5, nodesPerPool: 2, clusters: 2 }, async (harness) => {
      outdate(harness);
      const outcomes = await outcomesOfAll(harness);
      assert.ok(outcomes.every(({ end }) => end === "synced"));
      await Promise.all([1, 2].map((at) => outcomeOf(harness, { inputs: again(harness.inputs, at) })));
    });
    assert.deepEqual(await differencesIn(recorded), []);
  });

  it("leads to the same decisions where credentials were refused, renewed or not to be had", async () => {
    const body = { error_code: "APIGW.0301", error_msg: "the token has expired" };
    const refused = { kind: "answer", status: 401, body } as const;
    const recorded = await recordTrace({ nodesPerPool: 6 }, async (harness, environment) => {
      const { emulator, inputs } = harness;
      const { id: HW_USER_ID, password: HW_USER_PASSWORD } = emulator.account.user;
      Object.assign(environment, { HW_USER_ID, HW_USER_PASSWORD, HW_ACCESS_KEY: "", HW_SECRET_KEY: "" });
      outdate(harness);
      emulator.addFault({ kind: "nodes", skip: 12, effect: refused });
      emulator.addFault({ kind: "token", skip: 1, times: 1, effect: { kind: "answer", status: 503 } });
      assert.equal((await outcomeOf(harness)).end, "synced");
      emulator.addFault({ kind: "sync", effect: refused });
      assert.equal((await outcomeOf(harness, { inputs: again(inputs, 1) })).end, "synced");
      assert.equal(emulator.acceptedSyncs.length, 2);
      harness.restart();
      emulator.addFault({ kind: "sync", times: 9, effect: refused });
      assert.equal((await outcomeOf(harness, { inputs: again(inputs, 2) })).end, "refused");
    });
    assert.equal(recorded.match(/"status":401/g)?.length, 4);
    assert.deepEqual(await differencesIn(recorded), []);
  });

  it("leads to the same decisions where the process was interrupted in the moment in which its request left", async () => {
    const recorded = await recordTrace({ nodesPerPool: 4 }, async (harness) => {
      const detach = harness.emulator.onRequest(({ kind }, moment) => {
        if (kind === "sync" && moment === "arrived") harness.interrupt.abort();
      });
      assert.equal((await outcomeOf(harness, { inputs: again(harness.inputs, 1) })).end, "inProgress");
      detach();
    });
    assert.match(recorded, /"trace":"interrupted"/);
    assert.deepEqual(await differencesIn(recorded), []);
  });

  it("says of which node another conclusion is drawn, with what was recorded and what is concluded today", async () => {
    const doctored = edited((line) => line.replace(/("\/items\/\d\/status\/phase"),"Active"/, '$1,"Error"'));
    assert.notEqual(doctored, trace);
    const differences = await differencesIn(doctored);
    assert.match(differences.join("\n"), /^node_\d: recorded .*proven \(\w+\).*; today .*failed/m);
    assert.match(differences.join("\n"), /^end: recorded .*"synced".*today .*"failed"/m);
  });

  it("says when a node is proven by something else than before, or at another time", async () => {
    const otherProof = edited((line) => line.replace('"proof":"subJob"', '"proof":"phases"'));
    assert.match(
      (await differencesIn(otherProof)).join("\n"),
      /recorded .*proven \(phases\).*; today .*proven \(subJob\)/,
    );
    let verdicts = 0;
    const earlier = edited((line) => {
      verdicts += line.startsWith('{"trace":"verdict"') ? 1 : 0;
      return verdicts === 2 ? line.replace(/"t":5000/, '"t":1000') : line;
    });
    assert.match(
      (await differencesIn(earlier, "shifts")).join("\n"),
      /resetting at 1 s.*; today .*resetting at 5 s/,
    );
  });

  it("says when other nodes are requested, or nothing is", async () => {
    const other = edited((line) =>
      line.replace(
        '"sent":{"spec":{"maxUnavailable":2,"nodeIDs":["node_1",',
        '"sent":{"spec":{"maxUnavailable":2,"nodeIDs":[',
      ),
    );
    assert.match(
      (await differencesIn(other)).join("\n"),
      /request 1 to \S+: recorded node_2, node_3, node_4, 2 at a time/,
    );
    const none = edited((line) => (line.includes('"method":"POST"') ? "" : line));
    assert.match((await differencesIn(none)).join("\n"), /request 1 to \S+: recorded none; today node_1/);
  });

  it("reads a trace whose last line was cut off, and what was concluded up to there", async () => {
    const lines = trace.split("\n");
    const cut = [...lines.slice(0, 30), lines[30]?.slice(0, 40)].join("\n");
    assert.deepEqual(await differencesIn(cut), []);
  });

  for (const [what, text, why] of [
    ["is empty", "", /there is no line of a trace/],
    ["is something else", '{"name":"package"}', /line 1 is no line of a trace/],
    [
      "lacks its beginning",
      trace.split("\n").slice(1).join("\n"),
      /line 1 belongs to a process whose first line is missing/,
    ],
    [
      "has a later format",
      trace.replace('"format":2', '"format":7'),
      /line 1 begins a trace of format 7, and this version/,
    ],
  ] as const) {
    it(`refuses a file that ${what}`, () => assert.throws(() => readTrace(text), why));
  }
});
