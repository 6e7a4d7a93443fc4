import { type Answer, answer } from '../answer.ts';

/** For people who are used to it. */
export const updateBazel = async (): Promise<Answer> =>
  answer([
    'nothing to update: slipway reads and needs no BUILD files; Go knows packages and their imports',
    "slipway build //cmd/... and slipway query 'deps(//cmd/kubectl)' work without them",
  ]);
