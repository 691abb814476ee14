import { salt } from "./inputs/password.ts";
import type { Inputs, NodeTemplate } from "./inputs/schema.ts";

/** The body of a sync request, in the API's own names. */
export interface RequestBody {
  readonly spec: Record<string, unknown>;
}

/**
 * The body of a request that resets these nodes: `spec` and nothing else, and in it only what was given. A plain
 * password is salted afresh in each body.
 * @param maxUnavailable what the input means for the nodes that exist now.
 */
export function requestBody(inputs: Inputs, nodeIds: readonly string[], maxUnavailable: number): RequestBody {
  return {
    spec: given({
      maxUnavailable,
      nodeIDs: [...nodeIds],
      nodePoolID: inputs.nodePoolId,
      nodeTemplate: inputs.nodeTemplate && templateBody(inputs.nodeTemplate),
      force: inputs.force,
      validateStorage: inputs.validateStorage,
    }),
  };
}

function templateBody({ lifeCycle, login, volumeConfig }: NodeTemplate): Record<string, unknown> {
  const { sshKey, userPassword } = login;
  return given({
    lifeCycle: given({ ...lifeCycle }),
    login: given({
      sshKey,
      userPassword: userPassword && {
        username: userPassword.username,
        password: salt(userPassword.password),
      },
    }),
    volumeConfig: volumeConfig && given({ ...volumeConfig }),
  });
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
