import { z } from "zod";
import { flag, object, text } from "./fields.ts";
import { addPasswordFaults, always, exactlyOneLogin, limits, scriptsFit } from "./rules.ts";

const script = () => {
  const error = "must be Base64 (encodeScript makes it from plain text)";
  return z.base64({ error }).min(1, { error });
};

const lifeCycle = object({
  preInstall: script()
    .optional()
    .meta({
      description: `Script that runs before the node is installed, Base64. Both scripts together may have at most ${limits.scriptCharacters} characters, counted after encoding. \`encodeScript\` makes it from plain text.`,
    }),
  postInstall: script()
    .optional()
    .meta({
      description: `Script that runs after the node is installed, Base64. Both scripts together may have at most ${limits.scriptCharacters} characters, counted after encoding. A script that does not end in time makes the installation of the node fail; use \`shutdown -r 1\` in it, never \`reboot\`.`,
    }),
  waitPostInstallFinish: flag().optional().meta({
    description:
      "Whether pods are scheduled on the node only after the post-installation script has finished. Left to the service when not given. Known from the vendor's SDKs, newer than the API page.",
  }),
})
  .check(
    z.refine(scriptsFit, {
      ...always,
      error: `preInstall and postInstall together must have at most ${limits.scriptCharacters} characters (after Base64)`,
    }),
  )
  .meta({ description: "What runs on a node when it is installed anew.", typeName: "LifeCycleArgs" });

const userPassword = object({
  username: text().default("root").meta({ description: "Login account.", defaultText: "`root`" }),
  password: z.string({ error: "must be a string" }).meta({
    description:
      "Login password, always kept as a secret: 8 to 26 characters, at least three of uppercase letters, lowercase letters, digits and the special characters `!@$%^-_=+[{}]:,./?~#*`, without the user name forwards or backwards. It is sent salted (SHA-512 crypt with a fresh random salt, Base64). A password that is salted already passes through.",
    secret: true,
  }),
})
  .superRefine(addPasswordFaults, always)
  .meta({ description: "Login with a password.", typeName: "UserPasswordArgs" });

const login = object({
  sshKey: text().optional().meta({ description: "Name of the key pair used for login." }),
  userPassword: userPassword.optional(),
})
  .check(z.refine(exactlyOneLogin, { ...always, error: "must have exactly one of sshKey and userPassword" }))
  .meta({
    description: "How to log in to a node: exactly one of a key pair and a password.",
    typeName: "LoginArgs",
    exactlyOne: true,
  });

/** The input that is about the nodes themselves: their scripts, login and disks; a part of the schema in schema.ts. */
export const nodeTemplate = object({
  lifeCycle,
  login,
  volumeConfig: object({
    volumeResetPolicy: z
      .enum(["reset_managed_volumes", "retain_custom_volumes"], {
        error: "must be reset_managed_volumes or retain_custom_volumes",
      })
      .optional()
      .meta({
        description:
          "What becomes of data disks: `reset_managed_volumes` (the service's default) clears those that CCE manages, `retain_custom_volumes` keeps custom ones and needs a recent cluster version. Known from the vendor's SDKs, newer than the API page.",
      }),
  })
    .optional()
    .meta({ description: "How disks are treated.", typeName: "VolumeConfigArgs" }),
}).meta({
  description:
    "Settings for the nodes that are reset. Needed for `DefaultPool`, which has no settings of its own; other pools bring their own.",
  typeName: "NodeTemplateArgs",
});
