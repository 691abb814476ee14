import fc from "fast-check";
import { type Profile, profiles } from "../../../emulator/index.ts";

/** A service that behaves in each respect as one of the profiles does. */
export const mixture: fc.Arbitrary<Profile> = fc
  .record(
    Object.fromEntries(
      Object.keys(profiles.standard).map((field) => [
        field,
        fc.constantFrom(
          ...new Set(Object.values(profiles).map((profile) => profile[field as keyof Profile])),
        ),
      ]),
    ),
  )
  .map((fields) => fields as unknown as Profile)
  // Where update times stand still, nothing tells an old record of a replica from a new one.
  .map((fields) => (fields.updateTimes ? fields : { ...fields, replicaLag: 0 }));
