/** Importing this module ends a process whose Node is too old, in a sentence in place of a failure deep inside a library. */

const oldest = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  const error = new Error(
    `pulumi-cce-nodepool-sync needs Node ${oldest.join(".")} or newer, and this is Node ${process.versions.node}: install a current version of Node`,
  );
  // Pulumi prints the stack beside the message.
  error.stack = "";
  throw error;
}
