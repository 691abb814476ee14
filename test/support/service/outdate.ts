import type { LifecycleHarness } from "../lifecycle/lifecycleHarness.ts";

/** Changes the configuration of every pool, so that all nodes say that they are behind and a first sync resets them. */
export function outdate({ emulator }: LifecycleHarness): void {
  for (const cluster of emulator.clusters)
    for (const { id } of cluster.pools) cluster.changeConfiguration(id);
}
