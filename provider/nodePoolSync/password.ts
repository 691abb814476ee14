import { randomInt } from "node:crypto";
import { encrypt } from "unixcrypt";

/** The special characters that count as a class: the API page's, and `~#*`, which the vendor's newer SDKs add. */
const passwordSpecials = "!@$%^-_=+[{}]:,./?~#*";

const saltAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const saltLength = 16;
const sha512Crypt = /^\$6\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}$/;

/**
 * Whether the text is a password in the salted form that CCE takes: Base64 of a SHA-512 crypt string with the
 * default number of rounds. Decided by decoding it: a legal plain password can be valid Base64 by chance, but
 * it has at most 26 characters, and a salted one has more.
 */
export function isSalted(password: string): boolean {
  const decoded = Buffer.from(password, "base64");
  return decoded.toString("base64") === password && sha512Crypt.test(decoded.toString("latin1"));
}

/**
 * The password in the form that CCE takes ("Adding a Salt in the password Field When Creating a Node"), with a
 * fresh random salt each time; one that is salted already passes through.
 */
export function salt(password: string): string {
  if (isSalted(password)) return password;
  const characters = Array.from({ length: saltLength }, () => saltAlphabet[randomInt(saltAlphabet.length)]);
  return Buffer.from(encrypt(password, `$6$${characters.join("")}`), "latin1").toString("base64");
}

/**
 * What keeps the password from being accepted, in words that follow "must"; empty when it is fine. The rules
 * are the API page's (Table 8). A salted password cannot be looked into and is taken as it is.
 */
export function passwordFaults(password: string, username: string): string[] {
  if (isSalted(password)) return [];
  const faults: string[] = [];
  const { length } = [...password];
  if (length < 8 || length > 26) faults.push("have 8 to 26 characters");
  if (characterClasses(password) < 3) {
    faults.push(
      `hold at least three of: uppercase letters, lowercase letters, digits, special characters ${passwordSpecials}`,
    );
  }
  if (containsName(password, username)) faults.push("not contain the user name, forwards or backwards");
  return faults;
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
