import { type Answer, answer } from '../answer.ts';

/** For whoever has it in their fingers. */
export const updateBazel = async (): Promise<Answer> =>
  answer([
    'nothing to update: slipway reads and needs no BUILD files; Go knows packages and their imports',
    "slipway build //cmd/... and slipway query 'deps(//cmd/kubectl)' work without them",
  ]);
