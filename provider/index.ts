/** The entry point that Pulumi's dynamic-provider process loads: puts the provider together for this process. */

// First, and not only in the program: a refresh or a destroy runs no program.
import "./util/nodeVersion.ts";
import { createHost } from "./dynamic/host.ts";
import { createDynamicProvider } from "./dynamic/provider.ts";
import { createServiceLoader } from "./engine/service.ts";

const host = createHost();
const provider = createDynamicProvider({
  log: host.log,
  serviceWith: (config) =>
    createServiceLoader(() => ({ ...config(), environment: process.env }), host.interrupted),
});

export const { configure } = provider;
export const check = host.track(provider.check);
export const diff = host.track(provider.diff);
export const create = host.track(provider.create);
export const update = host.track(provider.update);
export const read = host.track(provider.read);

const remove = host.track(provider.delete);

export { remove as delete };
