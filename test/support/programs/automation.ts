import { fileURLToPath } from "node:url";
import { embeddedEngine, type Operation } from "../../../tools/engine/index.ts";

/**
 * Stands in for `@pulumi/pulumi/automation` in the programs of the documentation where there is no Pulumi CLI: the
 * part of it that they use, on the embedded engine.
 */
export const LocalWorkspace = {
  async createOrSelectStack(
    { stackName, workDir }: { stackName: string; workDir: string },
    { envVars }: { envVars: Record<string, string> },
  ) {
    const stack = await embeddedEngine.openStack({
      projectDir: workDir,
      home: fileURLToPath(envVars.PULUMI_BACKEND_URL ?? ""),
      stack: stackName,
      environment: envVars,
    });
    return {
      setConfig: (key: string, { value }: { value: string }) => stack.setConfig({ [key]: value }),
      up: () => succeed(stack.up()),
      destroy: () => succeed(stack.destroy()),
    };
  },
};

async function succeed({ result }: Operation): Promise<void> {
  const { ok, text } = await result;
  if (!ok) throw new Error(text);
}
