import type { GitFacts } from '@slipway/model';
import type { GitReader, GitRequest } from './port.ts';

export interface FakeGitReader extends GitReader {
  /** The requests, in order. */
  readonly requests: readonly GitRequest[];
}

/** Returns the same facts for every repository; by default none, as outside of a repository. */
export function fakeGitReader(facts: GitFacts = { shallow: false }): FakeGitReader {
  const requests: GitRequest[] = [];
  return {
    requests,
    async isTracked() {
      return facts.commit === undefined ? undefined : false;
    },
    origin: async () => undefined,
    async listFiles() {
      return facts.commit === undefined ? undefined : [];
    },
    async read(request) {
      requests.push(request);
      if (request.needStatus) return facts;
      const { clean: _clean, branch: _branch, ...rest } = facts;
      return rest;
    },
  };
}
