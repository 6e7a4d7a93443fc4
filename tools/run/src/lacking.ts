import type { CopyStep, Outcome, Step, StepId } from '@slipway/model';

/** Outputs that a run did not make. The other outputs can still be published (-k). */
export class Lacking {
  readonly #files = new Set<string>();
  readonly #parts = new Set<StepId>();

  add({ id }: Step, outputs: readonly string[]): void {
    for (const path of outputs) this.#files.add(path);
    if (outputs.length > 0) this.#parts.add(id);
  }

  /** Reports whether a step that succeeded lacks some files. */
  isPart(id: StepId): boolean {
    return this.#parts.has(id);
  }

  /** The part of a step whose inputs exist; undefined if that is everything or nothing. */
  possible(step: Step): CopyStep | undefined {
    if (step.kind !== 'copy') return undefined;
    const files = step.files.filter(({ from }) => !this.#files.has(from));
    if (files.length === 0 || files.length === step.files.length) return undefined;
    return { ...step, files, outputs: files.map(({ to }) => to) };
  }

  /** The outcome of a partial step, for the steps that need it. */
  told(step: Step, outcome: Outcome): Outcome {
    const part = this.possible(step);
    if (part === undefined || step.kind !== 'copy' || outcome.is === 'failed') return outcome;
    const absent = step.outputs.filter((path) => !part.outputs.includes(path));
    this.add(step, absent);
    const why = `${part.files.length} of ${step.files.length} were built: ${outcome.why}; not built: ${absent.join(', ')}`;
    return { ...outcome, why };
  }
}
