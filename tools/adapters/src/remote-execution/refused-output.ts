import { FailureError } from '@slipway/model';

const refuse = (path: string, fact: string, hint: string): FailureError =>
  new FailureError({ code: 'REMOTE_OUTPUT', path, fact, hint });

/** Reasons to refuse an output of a cluster. */
export const refusedOutput = {
  missing: (path: string) =>
    refuse(
      path,
      'the program ended well and did not make it',
      'without --remote the program is run here; see whether it makes it',
    ),
  link: (path: string, target: string) =>
    refuse(
      path,
      `it is a link to ${target}`,
      'have the program write a file, or name the directory around the link as the output',
    ),
  outside: (path: string, target: string) =>
    refuse(path, `it is a link to ${target}, out of the output`, 'have the program make links within its output'),
  name: (path: string) =>
    refuse(
      path,
      'it is none of the outputs that were asked for',
      'nothing of it was written; the server breaks the rules',
    ),
  large: (path: string, size: number) => refuse(path, `it has ${size} bytes`, 'have the program write less'),
  gone: (path: string) =>
    refuse(
      path,
      'the server no longer has it',
      'run the same command again: it is made anew; or give the cluster a larger cache',
    ),
  wrong: (path: string) =>
    refuse(
      path,
      'other bytes came than its digest says',
      'nothing of it was kept; look at the disk and the memory of the server',
    ),
};
