const oldest = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  throw new Error(
    `pulumi-cce-nodepool-sync needs Node ${oldest.join(".")} or newer, and this is Node ${process.versions.node}: install a current version of Node`,
  );
}
