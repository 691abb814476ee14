import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Crypter } from "../passphrase.ts";
import {
  isObject,
  isSecret,
  makeSecret,
  mapValues,
  type PropertyMap,
  type PropertyValue,
  plainValue,
  SECRET_SIGNATURE,
  type Secret,
  SIGNATURE_KEY,
} from "../properties.ts";
import type { Deployment, StateResource } from "../types.ts";
import { sdkVersion } from "./rpc.ts";
import type { PendingOperation, ResourceState, Snapshot } from "./state.ts";

type DeploymentV3 = Deployment["deployment"];

/**
 * Reads the deployment in a state file: undefined when there is no such file, null when nothing was deployed yet.
 * Rejects when it is no state file.
 */
export async function readDeployment(path: string): Promise<DeploymentV3 | null | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return JSON.parse(text).checkpoint.latest ?? null;
  } catch {
    throw new Error(`${path} is not the state of a stack; ${path}.bak may hold an earlier one`);
  }
}

/** Replaces a state file in one step, so that a reader finds the old state or the new one and nothing between. */
export async function writeDeployment(
  path: string,
  stack: string,
  latest: DeploymentV3 | null,
): Promise<void> {
  const text = JSON.stringify({ version: 3, checkpoint: { stack, latest } });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}

/** Keeps what the state file holds now beside it, with the suffix the CLI uses. */
export async function backUp(path: string): Promise<void> {
  try {
    await copyFile(path, `${path}.bak`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Turns a snapshot into the CLI's layout and back, with secrets encrypted on the outside. */
export class StateCodec {
  readonly #crypter: Crypter;
  /** A secret that did not change keeps its ciphertext, so that an unchanged stack has an unchanged file. */
  readonly #ciphertexts = new WeakMap<Secret, string>();

  constructor(crypter: Crypter) {
    this.#crypter = crypter;
  }

  encode(snapshot: Snapshot, options: { showSecrets?: boolean } = {}): DeploymentV3 {
    const seal = (secret: Secret) => this.#seal(secret, options.showSecrets ?? false);
    const pending = snapshot.pendingOperations.map(({ resource, type }) => ({
      resource: encodeResource(resource, seal),
      type,
    }));
    return {
      manifest: {
        time: new Date().toISOString(),
        magic: createHash("sha256").update(sdkVersion).digest("hex"),
        version: sdkVersion,
      },
      secrets_providers: { type: "passphrase", state: { salt: this.#crypter.salt } },
      resources: snapshot.resources.map((resource) => encodeResource(resource, seal)),
      ...(pending.length > 0 && { pending_operations: pending }),
      metadata: {},
    };
  }

  decode(deployment: DeploymentV3 | null | undefined): Snapshot {
    return {
      resources: (deployment?.resources ?? []).map((resource) => this.#decodeResource(resource)),
      pendingOperations: (deployment?.pending_operations ?? []).map(({ resource, type }) => ({
        resource: this.#decodeResource(resource),
        type: type as PendingOperation["type"],
      })),
    };
  }

  #seal(secret: Secret, showSecrets: boolean): PropertyMap {
    const text = JSON.stringify(plainValue(secret));
    if (showSecrets) return { [SIGNATURE_KEY]: SECRET_SIGNATURE, plaintext: text };
    let ciphertext = this.#ciphertexts.get(secret);
    if (ciphertext === undefined) {
      ciphertext = this.#crypter.encrypt(text);
      this.#ciphertexts.set(secret, ciphertext);
    }
    return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext };
  }

  #decodeResource(resource: StateResource): ResourceState {
    const open = (properties: unknown) =>
      mapValues((properties ?? {}) as PropertyMap, (value) => this.#open(value));
    return {
      ...resource,
      inputs: open(resource.inputs),
      outputs: open(resource.outputs),
    } as ResourceState;
  }

  #open(value: PropertyValue): PropertyValue {
    if (Array.isArray(value)) return value.map((element) => this.#open(element));
    if (!isObject(value)) return value;
    if (!isSecret(value)) return mapValues(value, (inner) => this.#open(inner));
    const { ciphertext, plaintext } = value as PropertyMap;
    if (typeof ciphertext !== "string") return makeSecret(JSON.parse(String(plaintext)));
    const secret = makeSecret(JSON.parse(this.#crypter.decrypt(ciphertext)));
    this.#ciphertexts.set(secret, ciphertext);
    return secret;
  }
}

function encodeResource(resource: ResourceState, seal: (secret: Secret) => PropertyMap): StateResource {
  const encode = (value: PropertyValue): PropertyValue => {
    if (isSecret(value)) return seal(value);
    if (Array.isArray(value)) return value.map(encode);
    return isObject(value) ? mapValues(value, encode) : value;
  };
  const entries = Object.entries({
    ...resource,
    inputs: mapValues(resource.inputs, encode),
    outputs: mapValues(resource.outputs, encode),
  });
  // The CLI leaves out what is empty; `custom` is always there.
  return Object.fromEntries(entries.filter(([key, value]) => key === "custom" || !isEmpty(value))) as never;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === false || value === "") return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
