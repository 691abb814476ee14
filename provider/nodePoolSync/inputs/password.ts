import { createHash, randomBytes, randomInt, scryptSync } from "node:crypto";
import { encrypt } from "unixcrypt";

/** The special characters that count as a class: the API page's, and `~#*`, which the vendor's newer SDKs add. */
const passwordSpecials = "!@$%^-_=+[{}]:,./?~#*";

const maxPasswordLength = 26;
const saltAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const saltLength = 16;
const sha512Crypt = /^\$6\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}$/;
/** A crypt text of any method: `$1$…`, `$5$…`, `$y$…`, `$6$rounds=…`. */
const anyCrypt = /^\$[0-9a-z]{1,8}\$[!-~]+$/;

/**
 * The password as it is recorded and sent when it is salted already: Base64 of the SHA-512 crypt text, in one line.
 * Spellings that can mean nothing else become that one: line breaks in or after the Base64, a line break after the
 * crypt text inside, the bare crypt text. A plain password comes back as it is: it has at most 26 characters, and a
 * salted one has more, so that no plain password is taken for Base64 by chance.
 */
export function normalizePassword(password: string): string {
  const crypt = cryptText(password);
  return crypt !== undefined && sha512Crypt.test(crypt) ? encodeCrypt(crypt) : password;
}

/** Whether the password is salted already, in any of its spellings. */
export function isSalted(password: string): boolean {
  return sha512Crypt.test(cryptText(password) ?? "");
}

/**
 * The password in the form that CCE takes ("Adding a Salt in the password Field When Creating a Node"), with a
 * fresh random salt each time; one that is salted already passes through.
 */
export function salt(password: string): string {
  if (isSalted(password)) return normalizePassword(password);
  const characters = Array.from({ length: saltLength }, () => saltAlphabet[randomInt(saltAlphabet.length)]);
  return encodeCrypt(encrypt(password, `$6$${characters.join("")}`));
}

/**
 * What keeps the password from being accepted, in words that follow "must"; empty when it is fine. The rules
 * are the API page's (Table 8). A salted password cannot be looked into and is taken as it is.
 */
export function passwordFaults(password: string, username: string): string[] {
  const crypt = cryptText(password);
  if (crypt !== undefined) {
    return sha512Crypt.test(crypt)
      ? []
      : [
          "be plain text, or a SHA-512 crypt string with the default number of rounds in Base64: `openssl passwd -6 | base64`",
        ];
  }
  const faults: string[] = [];
  const { length } = [...password];
  if (length < 8 || length > maxPasswordLength) faults.push("have 8 to 26 characters");
  if (/\p{Cc}/u.test(password)) {
    faults.push(
      "not contain line breaks or other control characters (text read from a file often ends in one)",
    );
  }
  if (characterClasses(password) < 3) {
    faults.push(
      `contain at least three of: uppercase letters, lowercase letters, digits, special characters ${passwordSpecials} (others, such as & or a space, do not count)`,
    );
  }
  if (containsName(password, username)) faults.push("not contain the user name, forwards or backwards");
  return faults;
}

/**
 * What is recorded of a password to see whether it has changed: `scrypt$<salt>$<hash>` of a plain one, `text$<hash>`
 * of a salted one, which has a salt of its own.
 * @param previous an earlier digest; the new one equals it when the password does.
 */
export function digestPassword(password: string, previous?: string): string {
  if (isSalted(password)) return `text$${sha256(normalizePassword(password))}`;
  const salt = /^scrypt\$([^$]+)\$/.exec(previous ?? "")?.[1] ?? processSalt;
  const key = `${salt}$${password}`;
  const known = scryptHashes.get(key) ?? scryptSync(password, salt, 32).toString("base64url");
  scryptHashes.set(key, known);
  return `scrypt$${salt}$${known}`;
}

/** One salt for all new digests of a process: a hash takes some 50 ms, and many resources may share a password. */
const processSalt = randomBytes(16).toString("base64url");
const scryptHashes = new Map<string, string>();

/** The crypt text that a password stands for: itself or what its Base64 decodes to; undefined for a plain one. */
function cryptText(password: string): string | undefined {
  const bare = password.trim();
  if (bare.length <= maxPasswordLength) return undefined;
  if (anyCrypt.test(bare)) return bare;
  const encoded = bare.replace(/\s+/g, "");
  if (!/^[0-9A-Za-z+/]+={0,2}$/.test(encoded)) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("latin1").trim();
  return anyCrypt.test(decoded) ? decoded : undefined;
}

function encodeCrypt(crypt: string): string {
  return Buffer.from(crypt, "latin1").toString("base64");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function characterClasses(password: string): number {
  const classes = [/[A-Z]/, /[a-z]/, /[0-9]/];
  const special = [...password].some((character) => passwordSpecials.includes(character));
  return classes.filter((pattern) => pattern.test(password)).length + (special ? 1 : 0);
}

function containsName(password: string, username: string): boolean {
  if (username === "") return false;
  const backwards = [...username].reverse().join("");
  return password.includes(username) || password.includes(backwards);
}
