/** The path as one writes it in a program: `nodeTemplate.login`, `nodeIds[3]`, `["max unavailable"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(String(key))
      ? `.${String(key)}`
      : `[${quoted(String(key))}]`;
  });
  return text.join("").replace(/^\./, "") || "inputs";
}

/** The text in quotes as in a program, with nothing in it that a terminal would obey. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
