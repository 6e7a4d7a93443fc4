import { type Answer, answer } from '../answer.ts';

/** For whoever has it in their fingers. */
export const updateBazel = async (): Promise<Answer> =>
  answer([
    'nothing to update: no BUILD file is read or needed, as packages and what they import are known from Go itself',
    "slipway build //cmd/... and slipway query 'deps(//cmd/kubectl)' work without them",
  ]);
