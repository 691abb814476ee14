/** A name with its id. */
export interface Named {
  /** The id. */
  readonly id: string;
  /** The name, which IAM takes in place of the id. */
  readonly name: string;
}

/** The account that the emulated IAM knows. */
export interface Account {
  /** The account itself, which IAM calls a domain. */
  readonly domain: Named;
  /** The user of the account, who authenticates with the password. */
  readonly user: Named & {
    /** The user's password, a random one. */
    readonly password: string;
  };
  /** The name of the agency whose role can be assumed. */
  readonly agency: string;
  /** The projects that IAM knows: the region's own, another one of the region, and `otherProjects` of the options. */
  readonly projects: readonly Named[];
  /** How long a token is valid; the service's are for 24 hours. */
  readonly tokenSeconds: number;
}
