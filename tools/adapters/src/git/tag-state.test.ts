import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tagState } from './tag-state.ts';

class Repository implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'tag-state-'));

  constructor() {
    this.git('init', '-q', '-b', 'main');
    this.commit('first');
    this.git('tag', 'v1.0.0');
  }

  git(...args: readonly string[]): string {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
    return execFileSync('git', ['-C', this.root, ...who, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  commit(text: string): void {
    writeFileSync(join(this.root, 'file'), text);
    this.git('add', '.');
    this.git('commit', '-q', '-m', text);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

test('the state of tags is the same while no commit, branch or tag changes', () => {
  using repository = new Repository();
  const state = tagState(repository.root);
  expect(state).toBeDefined();
  repository.git('status');
  repository.git('add', '.');
  expect(tagState(repository.root)).toBe(state);
});

test.each<[string, (repository: Repository) => void]>([
  ['a commit', (repository) => repository.commit('second')],
  ['a tag', (repository) => repository.git('tag', 'v1.1.0')],
  ['a tag in a directory', (repository) => repository.git('tag', 'api/v1.1.0')],
  ['a tag that moves', (repository) => repository.git('tag', '-f', '-a', '-m', 'x', 'v1.0.0')],
  ['a tag that goes', (repository) => repository.git('tag', '-d', 'v1.0.0')],
  ['tags that are packed', (repository) => repository.git('pack-refs', '--all')],
  ['another branch', (repository) => repository.git('checkout', '-q', '-b', 'other')],
  ['no branch', (repository) => repository.git('checkout', '-q', '--detach')],
])('%s changes the state of tags', (_what, change) => {
  using repository = new Repository();
  const state = tagState(repository.root);
  change(repository);
  expect(tagState(repository.root)).not.toBe(state);
});

test('the removal of a packed tag changes the state of tags', () => {
  using repository = new Repository();
  repository.git('tag', 'v1.1.0');
  repository.git('pack-refs', '--all');
  const state = tagState(repository.root);
  repository.git('tag', '-d', 'v1.1.0');
  expect(tagState(repository.root)).not.toBe(state);
});

test.each<[string, (repository: Repository) => string]>([
  [
    'a worktree',
    (repository) => {
      repository.git('worktree', 'add', '-q', join(repository.root, 'other'));
      return join(repository.root, 'other');
    },
  ],
  [
    'a replaced commit',
    (repository) => {
      repository.commit('second');
      repository.git('replace', 'HEAD', 'HEAD~1');
      return repository.root;
    },
  ],
  ['a directory without a repository', () => tmpdir()],
  [
    'a repository with a pipe for HEAD',
    (repository) => {
      rmSync(join(repository.root, '.git/HEAD'));
      execFileSync('mkfifo', [join(repository.root, '.git/HEAD')]);
      return repository.root;
    },
  ],
  [
    'a branch that is another name',
    (repository) => {
      repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
      repository.git('symbolic-ref', 'HEAD', 'refs/heads/alias');
      return repository.root;
    },
  ],
])('%s has no state of tags, so slipway calls git', (_what, prepare) => {
  using repository = new Repository();
  expect(tagState(prepare(repository))).toBeUndefined();
});

test.each<[string, (repository: Repository, git: (name: string) => string) => void]>([
  [
    'packed refs of another checkout',
    (repository, git) => {
      repository.git('pack-refs', '--all');
      renameSync(git('packed-refs'), git('elsewhere'));
      symlinkSync('elsewhere', git('packed-refs'));
    },
  ],
  ['a tag that is a link', (_repository, git) => symlinkSync('../heads/main', git('refs/tags/link'))],
  [
    'a tag that names another ref',
    (repository) => repository.git('symbolic-ref', 'refs/tags/other', 'refs/heads/main'),
  ],
])('the state of tags does not exist with %s, because only git resolves it', (_what, change) => {
  using repository = new Repository();
  change(repository, (name) => join(repository.root, '.git', name));
  expect(repository.git('describe', '--tags')).toMatch(/^(v1\.0\.0|link|other)\n$/);
  expect(tagState(repository.root)).toBeUndefined();
});
