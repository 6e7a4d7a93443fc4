import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CheckedRepo, bash } from '../src/checked-repo.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { seededRandom } from '../src/synthetic-tree/random.ts';
import { timeouts } from '../src/timeouts.ts';

const { SLIPWAY_MUTATION_ROUNDS: rounds = process.env['CI'] ? '50' : '12', SLIPWAY_MUTATION_SEED: seed = '1' } =
  process.env;

/** They read in different ways; some write, too. */
const scripts = {
  content: 'for f in a/*; do [ -d "$f" ] || ! grep -q bad "$f" || exit 1; done',
  names: '! find . -path ./_output -prune -o -name "*bad*" -print | grep -q .',
  link: 'cat link | grep -vq bad',
  mode: '[ -x a/run ] || [ ! -e a/run ]',
  nested: 'bash helper.sh',
  writes: 'echo mine >a/one; cat a/one b/* | sort -u >c; ! grep -q bad b/two',
};
const files = {
  'a/one': 'good\n',
  'a/run': '#!/bin/sh\n',
  'b/two': 'good\n',
  link: 'good\n',
  'helper.sh': 'cat b/two >/dev/null\n',
};

/** Contents that an edit may put into a place; undefined: none. */
const texts = [undefined, 'good\n', 'bad\n', '#!/bin/sh\n# good\n'] as const;
const places = ['a/one', 'a/run', 'a/more', 'b/two', 'b/bad.txt', 'link', 'helper.sh', 'd/e/f'] as const;

test(
  `${rounds} random edits, seed ${seed}: the verdict of each script is that of the script alone`,
  { timeout: timeouts.test + Number(rounds) * timeouts.round, ...unless(whyWithout('strace')) },
  async () => {
    await using tree = new CheckedRepo({
      ...files,
      ...Object.fromEntries(Object.entries(scripts).map(([name, text]) => [`hack/verify-${name}.sh`, bash(text)])),
    });
    const random = seededRandom('checks', seed);
    const story: string[] = [];
    let kept = 0;
    for (let round = 0; round <= Number(rounds); round++) {
      for (let edits = round === 0 ? 0 : 1 + random.below(2); edits > 0; edits--) {
        const place = random.pick([...places]);
        const text = random.pick([...texts]);
        tree.write({ [place]: text });
        story.push(`${round}: ${place} is ${JSON.stringify(text)}`);
      }
      const { checks, failed, ran } = await tree.check();
      kept += Object.keys(checks).length - ran.length - failed.length;
      const told = `SLIPWAY_MUTATION_SEED=${seed}\n${story.slice(-10).join('\n')}\n${JSON.stringify(checks)}`;
      expect(failed, told).toEqual(
        Object.keys(scripts)
          .filter((name) => failsAlone(name, tree))
          .sort(),
      );
    }
    // Otherwise nothing was shown.
    expect(kept).toBeGreaterThan(Number(rounds));
  },
);

/** In a copy of the tree. */
function failsAlone(name: string, tree: CheckedRepo): boolean {
  const copy = `${tree.base}/alone`;
  rmSync(copy, { recursive: true, force: true });
  const run = `cp -a "$0" "$1" && rm -rf "$1/_output" && cd "$1" && bash hack/verify-${name}.sh`;
  return spawnSync('sh', ['-c', run, tree.dir, copy], { env: tree.env, stdio: 'ignore' }).status !== 0;
}
