/**
 * The type under which the engine records the resource. Pulumi runs every resource whose type begins like this in
 * its dynamic-provider process.
 */
export const resourceType = "pulumi-nodejs:dynamic/cce:NodePoolSync";

/**
 * The program that the engine stores with each resource (as `__provider`) and runs in the dynamic-provider process:
 * it only loads this package's entry point.
 *
 * `pulumi.dynamic.Resource` would make such a text by serializing a provider object. That result depends on the
 * compiler, cannot hold zod or undici, is five times as long and needs TypeScript below 7 at run time. This text is
 * the same on every machine and holds no path and no version, since a refresh or destroy of years later runs it
 * again. The process's working folder is that of the program, so the package is looked for from there; where only
 * another package of the program depends on it (pnpm), beside Pulumi's own dynamic-provider script.
 */
export const providerText =
  'exports.handler=()=>{const r=require("module").createRequire,n="pulumi-cce-nodepool-sync/provider";try{return r(process.cwd()+"/_")(n)}catch(e){if(e.code!="MODULE_NOT_FOUND")throw e;return r(process.argv[1])(n)}}';
