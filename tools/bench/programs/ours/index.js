// Declares the resources of BENCH_RESOURCES, arguments by name, as NodePoolSync.
import { NodePoolSync } from "pulumi-cce-nodepool-sync";

for (const [name, args] of Object.entries(JSON.parse(process.env.BENCH_RESOURCES))) {
  new NodePoolSync(name, args);
}
