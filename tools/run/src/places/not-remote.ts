/** A step that a cluster does not do: it goes back to the queue, for this machine. */
export class NotRemote extends Error {
  /** Whether the cluster need not be asked again in this run. */
  readonly isGone: boolean;

  constructor(why: string, isGone: boolean) {
    super(why);
    this.name = 'NotRemote';
    this.isGone = isGone;
  }
}
