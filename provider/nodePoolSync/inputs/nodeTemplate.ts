import { z } from "zod";
import { flag, object, text } from "./fields.ts";
import { addPasswordFaults, always, exactlyOneLogin, limits, scriptsFit } from "./rules.ts";

const script = () => {
  const error = "must be Base64, in one line or as `base64` wraps it; encodeScript makes it from plain text";
  return z.base64({ error }).min(1, { error });
};

const scriptLimit = `Both scripts together may have at most ${limits.scriptCharacters} characters of Base64.`;

const lifeCycle = object({
  preInstall: script()
    .optional()
    .meta({
      description: `Script that runs before the node is installed, as Base64 (\`encodeScript\` makes it from plain text). ${scriptLimit}`,
    }),
  postInstall: script()
    .optional()
    .meta({
      description: `Script that runs after the node is installed, as Base64 (\`encodeScript\` makes it from plain text). ${scriptLimit} If it does not finish in time, the node's installation fails. To restart the node, use \`shutdown -r 1\`, never \`reboot\`.`,
    }),
  waitPostInstallFinish: flag().optional().meta({
    description:
      "Whether pods are scheduled on the node only after the post-installation script has finished. For the nodes of a pool with settings of its own, the pool's setting wins. From the vendor's SDKs; not on the API page.",
    defaultText: "not sent; the service uses false",
  }),
})
  .check(
    z.refine(scriptsFit, {
      ...always,
      error: `preInstall and postInstall together must have at most ${limits.scriptCharacters} characters (after Base64)`,
    }),
  )
  .meta({ description: "Scripts that run when the node is reinstalled.", typeName: "LifeCycleArgs" });

const userPassword = object({
  username: text().default("root").meta({ description: "Login account.", defaultText: "`root`" }),
  password: z.string({ error: "must be a string" }).meta({
    description:
      "Login password: 8 to 26 characters, at least three of uppercase letters, lowercase letters, digits and the special characters `!@$%^-_=+[{}]:,./?~#*`, without the user name forwards or backwards. It is sent salted, with a new random salt for each request. A password that is salted already (Base64 of a SHA-512 crypt text, as `openssl passwd -6 | base64` prints) is sent as it is. It is an encrypted secret among the resource's inputs and not among its outputs; the state keeps a digest to see whether it has changed.",
    secret: true,
  }),
})
  .superRefine(addPasswordFaults, always)
  .meta({ description: "Login with a password.", typeName: "UserPasswordArgs" });

const login = object({
  sshKey: text().optional().meta({ description: "Name of the key pair for login." }),
  userPassword: userPassword.optional(),
})
  .check(z.refine(exactlyOneLogin, { ...always, error: "must have exactly one of sshKey and userPassword" }))
  .meta({
    description: "How to log in to the node: exactly one of a key pair and a password.",
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
          "What happens to data disks: `reset_managed_volumes` clears those that CCE manages; `retain_custom_volumes` keeps custom ones and needs a recent cluster version. From the vendor's SDKs; not on the API page.",
        defaultText: "not sent; the service uses `reset_managed_volumes`",
      }),
  })
    .optional()
    .meta({ description: "How disks are treated.", typeName: "VolumeConfigArgs" }),
}).meta({
  description:
    "Settings for the nodes that are reset. Required for `DefaultPool`, which has no settings of its own; other pools bring their own. No answer of the service shows whether a node has them.",
  typeName: "NodeTemplateArgs",
});
