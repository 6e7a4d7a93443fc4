/** Thrown for a step that the cluster does not run. The step returns to the queue for this machine. */
export class NotRemote extends Error {
  /** Do not use the cluster again in this run. */
  readonly isGone: boolean;

  constructor(why: string, isGone: boolean) {
    super(why);
    this.name = 'NotRemote';
    this.isGone = isGone;
  }
}
