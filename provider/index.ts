/** The entry point that Pulumi's dynamic-provider process loads: puts the provider together for this process. */

// First, and not only in the program: a refresh or a destroy runs no program.
import "./util/nodeVersion.ts";
import { createHost } from "./dynamic/host.ts";
import { createDynamicProvider } from "./dynamic/provider.ts";
import { systemClock } from "./util/clock.ts";

const host = createHost();
const provider = createDynamicProvider({
  log: host.log,
  // Loaded when the service is needed first: a run that changes nothing needs none of it.
  createService: async (config) => {
    const { createService } = await import("./nodePoolSync/service.ts");
    return createService({
      configuration: () => ({ ...config(), environment: process.env }),
      clock: systemClock,
      interrupted: host.interrupted,
      createSessions: async (...options) => (await import("./sync/sessions.ts")).createSessions(...options),
    });
  },
});

export const { configure } = provider;
export const check = host.track(provider.check);
export const diff = host.track(provider.diff);
export const create = host.track(provider.create);
export const update = host.track(provider.update);
export const read = host.track(provider.read);

const remove = host.track(provider.delete);

export { remove as delete };
