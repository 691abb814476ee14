import { type Limit, limits, namespaces } from "./definitions.ts";
import { type Configuration, titleOf } from "./sources.ts";

/** How fast requests may follow each other, and how long they may take, in the units of their definitions. */
export type Limits = Readonly<Record<Limit, number>>;

/** Reads this package's own settings (Pulumi config namespace `cce-nodepool-sync`, then the environment). */
export function readLimits(configuration: Configuration, problems: string[]): Limits {
  const { config, environment } = configuration;
  const title = titleOf(configuration);
  const read = (name: Limit) => {
    const {
      variables: [variable],
      standard,
      max,
    } = limits[name];
    const key = namespaces.limits + name;
    const text = config(key) || environment[variable] || "";
    if (text === "") return standard;
    const value = Number(text);
    if (value > 0 && value <= max) return value;
    problems.push(
      `${name}: must be a number above 0, at most ${max} (${title} ${title === "Pulumi config" ? key : name}, environment ${variable})`,
    );
    return standard;
  };
  return {
    pollInterval: read("pollInterval"),
    readsPerSecond: read("readsPerSecond"),
    writesPerMinute: read("writesPerMinute"),
    requestTimeout: read("requestTimeout"),
  };
}
