import { type CredentialSourceKind, foundIn, unprintable } from "./credentialSource.ts";

/** A token that was obtained elsewhere. */
export const token: CredentialSourceKind<"token"> = {
  markers: ["token"],
  configure({ from, problems }) {
    const fault = unprintable(from, ["token"]);
    if (fault !== undefined) {
      problems.push(`credentials: ${fault}`);
      return {};
    }
    const text = from.get("token") ?? "";
    return {
      source: {
        name: "token",
        setting: foundIn(from, ["token"]),
        id: JSON.stringify(["token", text]),
        gives: "token",
        needsIam: false,
        secrets: [text],
        names: [],
        resolve: async () => ({ credential: { kind: "token", token: text } }),
      },
    };
  },
};
