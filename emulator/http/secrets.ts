/** What stands in a log in the place of a secret. */
const hidden = "[secret]";

const secretHeaders =
  /^(authorization|proxy-authorization|cookie|x-auth-token|x-subject-token|x-security-token|x-metadata-token)$/i;
const secretKeys = /^(password|passwd|secret|token|id_token|security_?token|secret_?(access_)?key)$/i;
const loginKeys = /^(login|userPassword)$/i;
const harmlessLoginKeys = /^(username|sshKey)$/;

/** A SHA-512 crypt string, plain and in Base64: the three characters `$6$` fill four of Base64 to the bit. */
const saltedPasswords = /\$6\$[^\s"',;]*|JDYk[\w+/=%-]*/g;

/** Knows every secret that the emulator has issued, and hides these and what looks like one in whatever is logged. */
export class Secrets {
  readonly #issued = new Set<string>();

  /** Takes note of a secret that is handed out. It stays one when it has ended. */
  add(secret: string): void {
    this.#issued.add(secret);
  }

  /** All of them, in the order in which they were handed out. */
  get issued(): readonly string[] {
    return [...this.#issued];
  }

  /** A text without secrets. A word of it that holds one percent-encoded or in Base64 is hidden as a whole. */
  hideInText(text: string): string {
    const words = this.#replace(text).split(/([\s,;"'<>]+)/);
    return words.map((word) => (this.#holdsEncoded(word) ? hidden : word)).join("");
  }

  /** A query without secrets: neither in it nor, whatever the value, under a name that stands for one. */
  hideInQuery(query: string): string {
    const shown = query.split("&").map((pair) => {
      const [name = ""] = pair.split("=");
      return secretKeys.test(name) || secretHeaders.test(name) ? `${name}=${hidden}` : this.hideInText(pair);
    });
    return shown.join("&");
  }

  /** Headers without secrets; those that carry credentials say `[secret]`. */
  hideInHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        this.hideInText(name),
        secretHeaders.test(name) ? hidden : this.hideInText(value),
      ]),
    );
  }

  /** The parsed body of a request without secrets. One that is no JSON says `[not JSON]`. */
  hideInBody(text: string): unknown {
    if (text === "") return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return "[not JSON]";
    }
    return this.hideInValue(value);
  }

  /** A copy of a JSON value without secrets; of a login, only the user's name and the name of the key pair stay. */
  hideInValue(value: unknown): unknown {
    return this.#hide(value, false);
  }

  #hide(value: unknown, isLogin: boolean): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#hide(item, isLogin));
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          this.hideInText(key),
          this.#hideUnder(key, item, isLogin),
        ]),
      );
    }
    if (isLogin && value !== undefined) return hidden;
    return typeof value === "string" ? this.hideInText(value) : value;
  }

  #hideUnder(key: string, value: unknown, isLogin: boolean): unknown {
    if (secretKeys.test(key)) return hidden;
    if (isLogin && harmlessLoginKeys.test(key) && typeof value === "string") return this.hideInText(value);
    return this.#hide(value, isLogin || loginKeys.test(key));
  }

  #holdsEncoded(word: string): boolean {
    const plain = word.replace(/%([0-9a-f]{2})/gi, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    // A part of a path or of a query is Base64 that begins anywhere, and four places are all that differ.
    const decoded = plain
      .split("=")
      .flatMap((part) =>
        [0, 1, 2, 3].map((from) => Buffer.from(part.slice(from), "base64").toString("latin1")),
      );
    return [plain, ...decoded].some((reading) => this.#replace(reading) !== reading);
  }

  #replace(text: string): string {
    let shown = text.replace(saltedPasswords, hidden);
    for (const secret of this.#issued) shown = shown.replaceAll(secret, hidden);
    return shown;
  }
}
