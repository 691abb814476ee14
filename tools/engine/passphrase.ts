/** The CLI's passphrase secrets provider: AES-256-GCM under a key from PBKDF2-SHA256 (pkg/secrets/passphrase). */
import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** Encrypts and decrypts the secrets of one stack. */
export interface Crypter {
  /** What a state or config file stores so that the same key can be made again: `v1:<salt>:<check value>`. */
  readonly salt: string;
  encrypt(text: string): string;
  /** Throws when the text was not encrypted with this key. */
  decrypt(encrypted: string): string;
}

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CHECK_TEXT = "pulumi";

const keys = new Map<string, Promise<Buffer>>();

/** A crypter with a new random salt. */
export async function newCrypter(passphrase: string): Promise<Crypter> {
  const salt = randomBytes(8);
  const key = await deriveKey(passphrase, salt);
  return crypter(key, `v1:${salt.toString("base64")}:${encryptWith(key, CHECK_TEXT)}`);
}

/** The crypter that made the stored salt. Rejects when the passphrase is another one. */
export async function openCrypter(passphrase: string, stored: string): Promise<Crypter> {
  const [version, salt, ...check] = stored.split(":");
  if (version !== "v1" || salt === undefined)
    throw new Error(`unknown form of the encryption salt "${stored}"`);
  const key = await deriveKey(passphrase, Buffer.from(salt, "base64"));
  try {
    if (decryptWith(key, check.join(":")) === CHECK_TEXT) return crypter(key, stored);
  } catch {
    // Reported below: a wrong key fails the authentication of GCM.
  }
  throw new Error("incorrect passphrase: set PULUMI_CONFIG_PASSPHRASE to the one the stack was created with");
}

function crypter(key: Buffer, salt: string): Crypter {
  return {
    salt,
    encrypt: (text) => encryptWith(key, text),
    decrypt: (encrypted) => decryptWith(key, encrypted),
  };
}

/** A million rounds take a good part of a second, so a key is made once for each process. */
function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  const id = `${salt.toString("base64")}:${passphrase}`;
  let key = keys.get(id);
  if (key === undefined) {
    key = promisify(pbkdf2)(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
    keys.set(id, key);
  }
  return key;
}

function encryptWith(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decryptWith(key: Buffer, encrypted: string): string {
  const [version, nonce, sealed] = encrypted.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined)
    throw new Error("unknown form of secret");
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
}
