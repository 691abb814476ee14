import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fc from "fast-check";
import { serviceError } from "../../provider/cce/responses.ts";
import { redact, redactAll } from "../../provider/errors/redaction.ts";
import { anyText, holds } from "../support/properties.ts";

const marker = "[secret]";

/** 4 to 64 characters, any that can be encoded, rich in what encodings and patterns make something of. */
const secret = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.string({ minLength: 1, maxLength: 1 }) },
      { weight: 2, arbitrary: fc.constantFrom(..."%+ &<>\"'/\\$^.*[](){}|?=_-~!aA0") },
      { weight: 1, arbitrary: fc.constantFrom("\n", "\t", "\u0000", "é", "🚀", "\u202e", "[secret]", "$6$") },
    ),
    { minLength: 4, maxLength: 20 },
  )
  .map((parts) => parts.join("").slice(0, 64).toWellFormed());

const inHtml = (text: string, other: boolean) =>
  text.replace(/[&<>"']/g, (character) => {
    const point = character.codePointAt(0) ?? 0;
    if (other) return `&#x${point.toString(16)};`;
    return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[character] ?? `&#0${point};`;
  });
const lowerHex = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
const everyUnit = (text: string) =>
  text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const form = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
const everyByte = (text: string) => Buffer.from(text).toString("hex").replace(/../g, "%$&");
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Ways to echo a secret, none made with the product's own list. */
const forms: Record<string, (text: string) => string> = {
  plain: (text) => text,
  Base64: base64,
  "Base64 without padding": (text) => base64(text).replace(/=+$/, ""),
  Base64url: (text) => Buffer.from(text).toString("base64url"),
  "part of a URL": encodeURIComponent,
  "part of a URL, in lower case": (text) => lowerHex(encodeURIComponent(text)),
  "a whole URL": encodeURI,
  "a form": form,
  "a form, in lower case": (text) => lowerHex(form(text)),
  "a URL with every byte encoded": everyByte,
  "a string of JSON": (text) => JSON.stringify(text).slice(1, -1),
  "a string of JSON in ASCII": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^ -~]/g, everyUnit),
  "a string of JSON that is safe in HTML": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[<>&']/g, everyUnit)
      .replaceAll("/", "\\/"),
  "a string with every unit escaped": everyUnit,
  hex: (text) => Buffer.from(text).toString("hex"),
  "hex in upper case": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  HTML: (text) => inHtml(text, false),
  "HTML with references by number": (text) => inHtml(text, true),
};

const someText = anyText({ maxLength: 20 });

/** Fails when the text is anywhere but inside a marker, which can itself hold a secret such as "secret". */
function assertHidden(text: string, clean: string): void {
  for (let at = clean.indexOf(text); at >= 0; at = clean.indexOf(text, at + 1)) {
    const around = clean.lastIndexOf(marker, at);
    assert.ok(around >= 0 && at + text.length <= around + marker.length, "a secret is left");
  }
}

describe("redaction of any text", () => {
  it("leaves no secret in any form, and changes nothing more when it is repeated", () => {
    const form = fc.constantFrom(...Object.values(forms));
    const echoes = fc.array(fc.tuple(secret, form, someText), { minLength: 1, maxLength: 2 });
    holds(
      fc.property(someText, echoes, (before, all) => {
        const secrets = all.map(([one]) => one);
        const shown = all.map(([one, encode]) => encode(one));
        const clean = redact(`${before}${all.map(([, , after], at) => shown[at] + after).join("")}`, secrets);
        for (const text of [...shown, ...secrets]) assertHidden(text, clean);
        assert.equal(redact(clean, secrets), clean);
      }),
    );
  });

  it("leaves nothing of a secret that is alone between words, in whatever form", () => {
    holds(
      fc.property(secret, fc.constantFrom(...Object.values(forms)), (one, encode) => {
        // A secret that holds the marker cannot be told from what stands around a marker.
        fc.pre(!one.includes(marker));
        assert.equal(redact(`(* ${encode(one)} *)`, [one]), `(* ${marker} *)`);
      }),
    );
  });

  it("leaves no secret inside something longer that went into Base64, at any place in it", () => {
    const around = fc.uint8Array({ maxLength: 7 });
    holds(
      fc.property(secret, around, around, fc.boolean(), (one, before, after, forUrl) => {
        const whole = Buffer.concat([before, Buffer.from(one), after]).toString(
          forUrl ? "base64url" : "base64",
        );
        const clean = redact(`(* ${whole} *)`, [one]);
        assert.ok(clean.includes(marker));
        const left = clean.slice(3, -3).split(marker);
        // What is left are the neighbours' own bits.
        assert.ok((left[0] ?? "").length * 6 <= before.length * 8);
        assert.ok((left.at(-1) ?? "").replace(/=+$/, "").length * 6 <= after.length * 8 + 5);
      }),
    );
  });

  it("leaves nothing of secrets that overlap", () => {
    const part = fc.stringMatching(/^[A-Za-z0-9]{2,8}$/);
    holds(
      fc.property(part, part, part, (a, b, c) => {
        assert.equal(redact(`(* ${a}${b}${c} *)`, [a + b, b + c].concat(a, c)), `(* ${marker} *)`);
      }),
    );
  });

  it("leaves no beginning of 4 characters of a secret at which the service's words were cut short", () => {
    const password = fc.stringMatching(/^[!-~]{8,26}$/);
    holds(
      fc.property(password, fc.integer({ min: 4, max: 30 }), (one, kept) => {
        const errorMessage = `${"é".repeat(499 - kept)} ${one} and so on, for long enough to be cut short`;
        const answer = { status: 400, headers: {}, body: JSON.stringify({ errorMessage }) };
        const { message } = serviceError("list the nodes", answer, 0);
        assert.ok(!redact(message, [one]).includes(one.slice(0, 4)));
      }),
    );
  });

  it("changes nothing in a text that has no secret in it", () => {
    const words = fc.constantFrom(
      "κόμβος",
      " ",
      ", ",
      "節點",
      "🚀",
      "…",
      "\n",
      marker,
      "%",
      "&",
      "\\",
      "=",
      "é",
    );
    const text = fc.array(words, { maxLength: 20 }).map((parts) => parts.join(""));
    holds(
      fc.property(
        text,
        fc.array(fc.stringMatching(/^[A-Za-z0-9]{4,64}$/), { maxLength: 2 }),
        (some, secrets) => {
          // A secret that the marker itself spells is in every text that has one.
          fc.pre(secrets.every((one) => !marker.includes(one)));
          assert.equal(redact(some, secrets), some);
        },
      ),
    );
  });

  it("reaches keys and values of objects and arrays of any shape, and keeps the shape", () => {
    const shape = fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text));
    holds(
      fc.property(shape, fc.stringMatching(/^[A-Z]{12}$/), fc.nat(2), (value, one, place) => {
        const holder = [{ [`${one}!`]: value }, { key: [value, `of ${one}`] }, [[{ a: { b: one } }], value]][
          place
        ];
        const clean = redactAll(holder, [one]);
        assert.deepEqual(clean, JSON.parse(JSON.stringify(holder).replaceAll(one, marker)));
      }),
    );
  });

  it("takes a token as long as the service's longest for what it is", () => {
    const token = Array.from({ length: 400 }, (_, part) => hash("sha256", `${part}`, "base64"))
      .join("")
      .slice(0, 16_384);
    for (const encode of Object.values(forms))
      assert.equal(redact(`(* ${encode(token)} *)`, [token]), `(* ${marker} *)`);
    assert.equal(redact(`(* ${token.slice(0, 400)}…`, [token]), `(* ${marker}…`);
  });
});
