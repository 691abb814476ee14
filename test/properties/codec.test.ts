import assert from "node:assert/strict";
import fc from "fast-check";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { decode, encode } from "../../provider/plugin/codec.ts";
import { unknownValue } from "../../provider/util/unknowns.ts";
import { archiveOf, assetOf } from "../support/inputs/wireFiles.ts";
import { holds } from "../support/properties.ts";

const signature = "4dabf18193072939515e22adb298388d";
const secretOf = (value: unknown) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });
const outputOf = (parts: object) => ({ [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...parts });

/** A value as it is, and as the engine may send it: within secrets and outputs at any level. */
interface Sent {
  readonly plain: unknown;
  readonly wire: unknown;
}

const leaf = fc
  .oneof(
    fc.constantFrom<unknown>(null, true, false, 0, -0, 2 ** 53, 1e300, "", unknownValue),
    fc.constantFrom<unknown>(assetOf("a"), archiveOf("b")),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: "grapheme" }),
  )
  .map((plain): Sent => ({ plain, wire: plain }));

/** The library of the protocol loses a property with the name that JavaScript has for prototypes. */
const key = fc.string().filter((name) => name !== "__proto__");

const { value } = fc.letrec<{ value: Sent; object: Sent }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }).map((items) => ({
      plain: items.map(({ plain }) => plain),
      wire: items.map(({ wire }) => wire),
    })),
    tie("object"),
    tie("value").map(({ plain, wire }) => ({ plain, wire: secretOf(wire) })),
    tie("value").map(({ plain, wire }) => ({ plain, wire: outputOf({ value: wire, secret: true }) })),
    fc.constant({ plain: unknownValue, wire: outputOf({ secret: false, dependencies: [] }) }),
  ),
  object: fc
    .dictionary(fc.oneof(fc.constantFrom("constructor", "toString", "a b"), key), tie("value"), {
      maxKeys: 4,
    })
    .map((entries) => ({
      plain: mapped(entries, ({ plain }) => plain),
      wire: mapped(entries, ({ wire }) => wire),
    })),
}));

function mapped(entries: Record<string, Sent>, part: (sent: Sent) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).map(([key, sent]) => [key, part(sent)]));
}

/** As it comes over the wire. */
function transported(properties: Record<string, unknown>) {
  return structs.Struct.deserializeBinary(encode(properties).serializeBinary());
}

describe("the codec of the plugin", () => {
  it("gets from the engine what was sent, without secrets and outputs, whatever stands where", () => {
    holds(
      fc.property(value, ({ plain, wire }) => {
        assert.deepEqual(decode(transported({ given: wire })), { given: plain });
      }),
    );
  });

  it("sends wire secrets, unknown values, assets and null as they are", () => {
    const properties = { secret: secretOf("s"), unknown: unknownValue, asset: assetOf("a"), nothing: null };
    assert.deepEqual(transported(properties).toJavaScript(), properties);
  });

  it("leaves out what is undefined, at every level", () => {
    const properties = { a: undefined, b: { c: undefined, d: 1 } };
    assert.deepEqual(transported(properties).toJavaScript(), { b: { d: 1 } });
  });

  it("takes properties that are not sent for none", () => {
    assert.deepEqual(decode(undefined), {});
  });
});
