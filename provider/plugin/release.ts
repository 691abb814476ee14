/** What a release's package.json says. */
export interface Manifest {
  readonly version: string;
  /** Set by the workflow that makes a release, to the repository that it runs in. */
  readonly repository?: { readonly url?: string };
}

/**
 * The text of the schema as this release has it: with its version, and with the repository from whose releases the
 * engine downloads the plugin. Without a repository, the plugin has to be installed from a file.
 */
export function releasedSchema(schema: object, { version, repository }: Manifest): string {
  const [, owner, name] = /github\.com\/([^/]+)\/([^/]+?)(?:\.git)?$/.exec(repository?.url ?? "") ?? [];
  if (owner === undefined) return JSON.stringify({ ...schema, version });
  return JSON.stringify({
    ...schema,
    version,
    repository: `https://github.com/${owner}/${name}`,
    pluginDownloadURL: `github://api.github.com/${owner}/${name}`,
  });
}
