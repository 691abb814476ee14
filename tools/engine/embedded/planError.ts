/** A registration cannot be carried out. The message is for the user; empty when it has been reported already. */
export class PlanError extends Error {
  readonly urn: string | undefined;

  constructor(message: string, urn?: string) {
    super(message);
    this.urn = urn;
  }
}
