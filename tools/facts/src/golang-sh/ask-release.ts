import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Environment, FailureError } from '@slipway/model';
import { type ReleaseAnswer, parseReleaseAnswer } from './release-answer.ts';
import { type RememberingAsker, badScript, runProbe } from './run-probe.ts';
import { releaseProbe } from './scripts.ts';
import { allowRun } from '../tree-code.ts';

export interface ReleaseQuestion extends RememberingAsker {
  /** `clean`, `dirty` or `archive`. The source tarball depends on it. */
  readonly treeState: string;
  readonly version: string;
  readonly variables: Environment;
  /** All paths of the tree. Each additional file is an additional member. */
  readonly paths: readonly string[];
}

const script = 'build/lib/release.sh';

/** Variables that change what the scripts pack. */
const asked =
  /^(KUBE_BUILD_PLATFORMS|KUBE_FASTBUILD|KUBE_BUILDER_OS|KUBE_BUILD_CONFORMANCE|KUBE_BUILD_HYPERKUBE|KUBE_DOCKER_REGISTRY|KUBE_DOCKER_IMAGE_TAG|KUBE_BASE_IMAGE_REGISTRY|KUBE_[A-Z0-9_]*_IMAGE|KUBECTL_BASE_IMAGE)$/;

/** Milliseconds. Those of Kubernetes answer in two or three seconds. */
const LONGEST_WAIT = 120_000;

/**
 * The artifacts of the tree's own scripts, from the memo if none of their inputs changed. Throws BAD_SCRIPT, or
 * TOOL_MISSING without bash.
 */
export async function askRelease(question: ReleaseQuestion): Promise<ReleaseAnswer> {
  const { root, disk, treeState, version, variables, memo } = question;
  if (!disk.isFile(join(root, script)))
    throw new FailureError({
      code: 'UNSUPPORTED_TREE',
      fact: `there is no ${script} that says what a release of this tree is`,
      hint: 'describe it in slipway.config.ts under release (slipway init writes one)',
    });
  allowRun(question.code, root, join(root, script));
  const given = Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => asked.test(name) && value !== ''),
  );
  const key = memoKey(question, given);
  const remembered = memo.get(key);
  if (remembered !== undefined) return JSON.parse(remembered) as ReleaseAnswer;
  const result = await runProbe(question, {
    ...{ script, probe: releaseProbe(), args: [root, treeState, version], longest: LONGEST_WAIT },
    given: { ...given, KUBE_VERBOSE: '0' },
  });
  if (result.exit !== 0) throw badScript(script, `it ended with ${result.exit}`, result.stderr);
  const answer = parseReleaseAnswer(result.stdout, root);
  memo.set(key, JSON.stringify(answer));
  return answer;
}

/** The scripts, their variables, and all paths of the tree. */
function memoKey({ root, disk, treeState, version, paths }: ReleaseQuestion, given: Environment): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([releaseProbe(), root, treeState, version, Object.entries(given).sort()]));
  const below = (dir: string): string[] => {
    const { files, directories } = disk.listDirectory(join(root, dir));
    return [...files.map((name) => join(dir, name)), ...directories.flatMap((name) => below(join(dir, name)))];
  };
  for (const path of [...below('build'), ...below('hack/lib')])
    hash.update(`\0${path}\0${disk.readText(join(root, path)) ?? ''}`);
  for (const path of paths) hash.update(`\0${path}`);
  return `release.sh ${hash.digest('hex')}`;
}
