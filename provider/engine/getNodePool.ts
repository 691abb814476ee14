/** The look-up of pools as the process of a program loads it, when the program asks for one first. */

import type { Configuration } from "../config/sources.ts";
import { type LookUpResult, lookUpPool } from "../nodePoolSync/poolLookUp.ts";
import type { Report } from "../sync/report/progress.ts";
import { createServiceLoader } from "./service.ts";

/** Looks a pool up; see {@link lookUpPool}. */
export type PoolLookUp = (args: Record<string, unknown>, report: Report) => Promise<LookUpResult>;

/**
 * The look-up with one configuration. Connections, limits and looks are shared by all calls of it.
 * @param configuration asked with each call.
 */
export function createPoolLookUp(configuration: () => Configuration): PoolLookUp {
  // Nobody interrupts a look-up: the engine ends the program.
  const service = createServiceLoader(configuration, new AbortController().signal);
  return (args, report) => lookUpPool(args, service, report);
}
