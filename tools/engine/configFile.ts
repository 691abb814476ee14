import { readFile, writeFile } from "node:fs/promises";
import { type Crypter, newCrypter, openCrypter } from "./passphrase.ts";
import { completeKey, type Project } from "./project.ts";
import type { StackConfig } from "./types.ts";
import { parseYaml } from "./yaml.ts";

interface Contents {
  encryptionsalt: string;
  config: Record<string, string | { secure: string } | readonly string[]>;
}

/** The config of a stack in the layout of the CLI's Pulumi.<stack>.yaml, written as JSON, which is YAML too. */
export class ConfigFile {
  readonly crypter: Crypter;
  readonly #path: string;
  readonly #contents: Contents;

  /** Opens the file, or makes it with a new salt. Rejects when the passphrase is not the file's. */
  static async open(path: string, passphrase: string): Promise<ConfigFile> {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      return undefined;
    });
    if (text === undefined) return new ConfigFile(path, await newCrypter(passphrase), {});
    const { encryptionsalt, config } = parseYaml(path, text) as unknown as Contents;
    return new ConfigFile(path, await openCrypter(passphrase, encryptionsalt), config ?? {});
  }

  private constructor(path: string, crypter: Crypter, config: Contents["config"]) {
    this.crypter = crypter;
    this.#path = path;
    this.#contents = { encryptionsalt: crypter.salt, config };
  }

  /** Sets values, those of plain keys in the namespace of the project, and writes the file. */
  async set(config: StackConfig, project: string): Promise<void> {
    for (const [key, value] of Object.entries(config)) {
      this.#contents.config[completeKey(key, project)] = isSecret(value)
        ? { secure: this.crypter.encrypt(value.secret) }
        : value;
    }
    await writeFile(this.#path, `${JSON.stringify(this.#contents, null, 2)}\n`);
  }

  /** All values in plain, lists as JSON, those of `defaults` where the stack has none, and which keys are secret. */
  values(defaults: Project["defaults"]): { config: Record<string, string>; secretKeys: string[] } {
    const config: Record<string, string> = {};
    const secretKeys: string[] = [];
    for (const [key, value] of Object.entries(defaults)) {
      config[key] = typeof value === "string" ? value : value.secret;
      if (typeof value !== "string") secretKeys.push(key);
    }
    for (const [key, value] of Object.entries(this.#contents.config)) {
      if (typeof value === "object" && "secure" in value) {
        config[key] = this.crypter.decrypt(value.secure);
        if (!secretKeys.includes(key)) secretKeys.push(key);
      } else {
        config[key] = typeof value === "string" ? value : JSON.stringify(value);
      }
    }
    return { config, secretKeys };
  }
}

function isSecret(value: StackConfig[string]): value is { secret: string } {
  return typeof value === "object" && "secret" in value;
}
