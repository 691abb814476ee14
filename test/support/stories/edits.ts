import fc from "fast-check";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";

/** An edit of the program. */
export type Edit =
  | { readonly kind: "triggers"; readonly value: number }
  | { readonly kind: "template"; readonly script?: string }
  | { readonly kind: "selects"; readonly as: "nodeIds" | "excludeNodeIds"; readonly nodes: readonly number[] }
  | { readonly kind: "address" }
  | { readonly kind: "manner"; readonly inputs: Partial<Inputs> };

const one = <K extends string>(...kinds: readonly K[]) => fc.constantFrom(...kinds);
const nodes = fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 });
const amount = fc.oneof(fc.integer({ min: 1, max: 3 }), one("20%", "50%"));
export const rollout: fc.Arbitrary<Inputs["rollout"]> = fc
  .record(
    {
      canary: amount,
      waveSize: amount,
      soak: one("30s", "150s"),
      maxFailures: fc.nat(2),
      zoneByZone: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((parts) => ("canary" in parts || "waveSize" in parts ? { ...parts } : { ...parts, zoneByZone: true }));

const manner: fc.Arbitrary<Partial<Inputs>> = fc.oneof(
  fc.record({ maxUnavailable: fc.oneof(fc.integer({ min: 1, max: 4 }), one("25%", "100%")) }),
  fc.record({ wait: fc.boolean(), rollout: fc.constant(undefined) }),
  fc.record({ wait: fc.constant(true), rollout }),
  fc.record({ onCreate: one("outdated", "all", "nothing") }),
  fc.record({ onChange: one("outdated", "all") }),
  fc.record({ force: fc.boolean() }),
  fc.record({ validateStorage: fc.constant(false) }),
);

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: one("triggers"), value: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: one("template"),
      script: fc.constantFrom(undefined, "ZWNobyAx", "ZWNobyAy"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: one("selects"), as: one("nodeIds", "excludeNodeIds"), nodes }) },
  { weight: 1, arbitrary: fc.record({ kind: one("selects"), as: one("nodeIds"), nodes: fc.constant([]) }) },
  { weight: 1, arbitrary: fc.record({ kind: one("address") }) },
  { weight: 3, arbitrary: fc.record({ kind: one("manner"), inputs: manner }) },
);
