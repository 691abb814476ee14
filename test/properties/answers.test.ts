import assert from "node:assert/strict";
import fc from "fast-check";
import { retryAfter, serviceError } from "../../provider/cce/responses.ts";
import { anyText, holds } from "../support/properties.ts";

const now = Date.parse("2026-01-02T03:04:05Z");
const nasty = fc.constantFrom(
  ...[
    "\u001b[31m",
    "\u001b]0;title\u0007",
    "\u0000",
    "\u0085",
    "\u009b1m",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u061c",
  ],
  ...["\u2028", "\ufeff", "\ud800", "\r\n", "<b>", "</b>", "<", "{", '"', "…", "é", "🚀"],
);
const text = fc
  .array(fc.oneof(nasty, anyText({ maxLength: 8 })), { maxLength: 12 })
  .map((parts) => parts.join(""));
const names = [
  "errorCode",
  "error_code",
  "code",
  "errorMessage",
  "error_msg",
  "message",
  "reason",
  "request_id",
  "error",
  "x",
];
const { error } = fc.letrec((tie) => ({
  error: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom<unknown>(null, 5, 1e308, true, [], "y".repeat(5000)),
    fc.array(tie("error"), { maxLength: 3 }),
    fc.dictionary(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, text), tie("error"), {
      maxKeys: 4,
    }),
  ),
}));
const page = fc
  .array(fc.oneof(text, fc.constantFrom("<script>", "</script>", "<style>", "<html", ">", "<!-- ", "-->")))
  .map((parts) => `<html>${parts.join("")}`);
const bytes = fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some).toString("utf8"));
const body = fc.oneof(
  text,
  page,
  bytes,
  error.map((some) => JSON.stringify(some)),
  error.map((some) => JSON.stringify(some).slice(0, -2)),
  text.map((some) => some.repeat(300)),
);
const headers = fc.dictionary(
  fc.constantFrom("retry-after", "x-request-id", "x-iam-trace-id", "content-type", "__proto__"),
  fc.oneof(text, fc.constant("z".repeat(20_000))),
);

/** What no line may hold: what a terminal obeys, what breaks the line, what turns the direction of writing, half a pair. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u;

describe("an answer of any kind that is no success", () => {
  it("becomes an error of one bounded line that is safe in a terminal", () => {
    holds(
      fc.property(body, headers, fc.integer({ min: 300, max: 599 }), (said, all, status) => {
        const fault = serviceError("list the nodes", { status, body: said, headers: all }, now);
        assert.equal(fault.status, status);
        assert.ok(fault.message.length < 3700, `${fault.message.length}`);
        for (const part of [fault.message, ...fault.codes, fault.detail, fault.requestId]) {
          assert.doesNotMatch(part ?? "", unsafe);
        }
      }),
    );
  });

  it("has each code and each text of its body in the message, the text in `message` first", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{2,8}$/), { minLength: 1, maxLength: 4 });
    const codes = fc.dictionary(
      fc.constantFrom("errorCode", "error_code", "code"),
      fc.stringMatching(/^[A-Z]{3}\.\d{4}$/),
    );
    const texts = fc.dictionary(
      fc.constantFrom("message", "reason", "errorMessage", "error_msg"),
      fc.tuple(words, fc.constantFrom("", ".", ". ")).map(([some, end]) => some.join(" ") + end),
      { minKeys: 1 },
    );
    holds(
      fc.property(codes, texts, fc.boolean(), (some, said, textsFirst) => {
        const fields = textsFirst ? { ...said, ...some } : { ...some, ...said };
        const answer = { status: 400, body: JSON.stringify(fields), headers: {} };
        const { codes: found, detail = "" } = serviceError("list the nodes", answer, now);
        assert.deepEqual(new Set(found), new Set(Object.values(some)));
        const plain = Object.values(said).map((text) => text.replace(/[.\s]+$/, ""));
        for (const text of plain) assert.ok(detail.includes(text), `${text} in ${detail}`);
        const first = said.message?.replace(/[.\s]+$/, "") ?? "";
        const saidBetter = plain.some((text) => text !== first && text.includes(first));
        assert.ok(saidBetter || detail.startsWith(first), detail);
        assert.ok(detail.length <= Object.values(said).join("; ").length, detail);
      }),
    );
  });

  it("asks for a pause of up to 10 minutes, or for none that is known, with any Retry-After", () => {
    const header = fc.oneof(
      text,
      fc.double().map(String),
      fc.integer().map((seconds) => `${seconds}`),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.constantFrom(
        "1e400",
        "-1e400",
        "0x10",
        "1,5",
        "1_000",
        "+5",
        "Infinity",
        "NaN",
        "١٢",
        "9".repeat(400),
      ),
    );
    holds(
      fc.property(header, (asked) => {
        const pause = retryAfter(asked, now);
        assert.ok(pause === undefined || (pause >= 0 && pause <= 600_000), `${pause}`);
      }),
    );
  });

  it("says where it cut a page short that is too long to be read to its end", () => {
    const answer = { status: 502, headers: {}, body: `${"<br>".repeat(4999)} end that never comes` };
    assert.match(serviceError("list the nodes", answer, now).message, / 502 end…$/);
  });
});
