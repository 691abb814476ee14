import { z } from "zod";

/**
 * What a change of an input means: `identity` makes another resource, `address` is where the pool is looked for,
 * `content` is what the nodes get, `selection` which nodes it is about, `manner` how it is done.
 */
export type InputClass = "identity" | "address" | "content" | "selection" | "manner";

declare module "zod" {
  interface GlobalMeta {
    /** What a change of this input means; nested inputs are of the class of the one that holds them. */
    class?: InputClass;
    /** The path of the value in the request; absent for what is never sent. */
    wire?: string;
    /** The value used when the input is left out, as the documentation prints it. */
    defaultText?: string;
    /** Whether the value is kept secret whatever the program says of it. */
    secret?: boolean;
    /** The name of the generated TypeScript interface for this object. */
    typeName?: string;
    /** Exactly one of the object's properties may be given. */
    exactlyOne?: boolean;
    /** Properties of the object of which at least one must be given. */
    atLeastOne?: readonly string[];
  }
}

// Each `error` completes the sentence that a user reads: `<path>: must be …`.

/** Text that is not empty. */
export const text = (error = "must be a non-empty string") => z.string({ error }).min(1, { error });

/** Yes or no. */
export const flag = () => z.boolean({ error: "must be true or false" });

/** An id that becomes a part of the request's path; it is escaped there, so only what cannot be is refused. */
export const pathId = () => {
  const error = "must be a non-empty ID without white space or control characters";
  return z
    .string({ error })
    .regex(/^[^\s\p{Cc}\p{Cs}]+$/u, { error })
    .refine((id) => id !== "." && id !== "..", { error: 'must not be "." or ".."' });
};

/** A whole number within limits, both included; without an upper limit where that is undefined. */
export function integerFrom(
  min: number,
  max: number | undefined,
  error = `must be an integer from ${min}${max === undefined ? "" : ` to ${max}`}`,
) {
  return z
    .int({ error })
    .min(min, { error })
    .max(max ?? Number.MAX_SAFE_INTEGER, { error });
}

/** An object with these properties and no others. */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, { error: "must be an object" });
}
