import { templateInputs } from "./inputs.ts";

/** Inputs in which everything that can be given together is given. */
export const fullInputs = {
  ...templateInputs,
  triggers: [{ os: "a" }],
  force: true,
  validateStorage: false,
  rollout: { canary: 1, waveSize: "25%", zoneByZone: true, soak: "10m", maxFailures: 1 },
  region: "eu-west-101",
  projectId: "p",
  endpoint: "https://cce.eu-west-101.myhuaweicloud.eu",
};

/** Every path inside a value, those of containers too, with dots between the keys. */
export function placesOf(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([key, inner]) => [
    `${prefix}${key}`,
    ...(typeof inner === "object" && inner !== null ? placesOf(inner, `${prefix}${key}.`) : []),
  ]);
}

/** A copy with a value put at a path, as far as what stands on the way lets it. */
export function putAt(path: string, value: unknown, from: object): Record<string, unknown> {
  const [key = "", ...rest] = path.split(".");
  const inner = (from as Record<string, unknown>)[key];
  if (rest.length > 0 && (typeof inner !== "object" || inner === null))
    return from as Record<string, unknown>;
  const next = rest.length > 0 ? putAt(rest.join("."), value, inner as object) : value;
  return Array.isArray(from)
    ? (Object.assign([...from], { [key]: next }) as never)
    : { ...from, [key]: next };
}

/** Whether a value stands at a path. */
export function isGiven(path: string, from: unknown): boolean {
  const value = path
    .split(".")
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], from);
  return value !== undefined;
}
