import assert from "node:assert/strict";
import { createStandIns } from "../../../provider/trace/standIns.ts";

describe("the stand-ins of a trace", () => {
  it("are the same for the same text, wherever it stands and whatever it was taken for first", () => {
    const standIns = createStandIns();
    assert.equal(standIns.of("5f3c-11", "node"), "node_1");
    assert.equal(standIns.of("5f3c-12", "node"), "node_2");
    assert.equal(standIns.of("5f3c-11", "reference"), "node_1");
    assert.equal(standIns.inText("resetting 5f3c-11, then (5f3c-12)."), "resetting node_1, then (node_2).");
  });

  it("leave the pool that has no id as it is", () => {
    assert.equal(createStandIns().of("DefaultPool", "pool"), "DefaultPool");
  });

  it("cannot be passed for by a real name that looks like one", () => {
    const standIns = createStandIns();
    assert.equal(standIns.of("a-node", "node"), "node_1");
    assert.equal(standIns.inText("node_1 and a-node"), "text_1 and node_1");
  });

  const sentences: readonly (readonly [what: string, text: string, shown: string])[] = [
    [
      "plain words and short numbers",
      "the disk of 4 nodes (20%) did not mount",
      "the disk of 4 nodes (20%) did not mount",
    ],
    ["progress", "2/4 nodes, batch 1/2: resetting", "2/4 nodes, batch 1/2: resetting"],
    [
      "codes",
      "403 CCE.01403001 CCE_CM.0004 [nodepoolsync/busy]",
      "403 CCE.01403001 CCE_CM.0004 [nodepoolsync/busy]",
    ],
    ["actions", "grant cce:node:list.", "grant cce:node:list."],
    ["times", "since 2026-01-02T03:04:05Z", "since 2026-01-02T03:04:05Z"],
    ["addresses", "host 192.168.0.7 at cce.eu.example:443!", "host text_1 at text_2!"],
    ["quoted words", "pool \"workers\" of [finance] and 'sales'", "pool \"text_1\" of [text_2] and 'text_3'"],
    ["words that may be names", "disk of finance, Alice and PROD", "disk of text_1, text_2 and text_3"],
    ["words of another alphabet", "节点 failed", "text_1 failed"],
    ["words that are spelled out", "it is c a n a r y", "it is text_1 a text_2 a text_3 text_4"],
    ["several words in one", "maxUnavailable and NodePoolSync", "maxUnavailable and NodePoolSync"],
    ["codes of the system", "it broke (ECONNRESET)", "it broke (ECONNRESET)"],
    ["other codes of the service", "E.CFE.4030002", "E.CFE.4030002"],
    ["apostrophes", "this machine's clock", "this machine's clock"],
    ["long words, which may be Base64", "got ZWNobyBoZWxsbyB3b3JsZGVjaG8x", "got text_1"],
    ["mail addresses", "ask alice@example.com", "ask text_1"],
  ];
  for (const [what, text, shown] of sentences) {
    it(`in a sentence: ${what}`, () => assert.equal(createStandIns().inText(text), shown));
  }

  it("reach names of letters only, also inside a longer word, and names with spaces", () => {
    const standIns = createStandIns();
    standIns.of("workers", "name");
    standIns.of("my pool, the old one", "resource");
    assert.equal(
      standIns.inText("Workers and preworkers of my pool, the old one failed"),
      "text_1 and text_2 of resource_1 failed",
    );
  });
});
