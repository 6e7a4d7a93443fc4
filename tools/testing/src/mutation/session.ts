import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Environment } from '@slipway/model';
import type { Random } from '../synthetic-tree/random.ts';
import type { WatchedRepo } from '../watched-repo.ts';
import type { TreeModel } from './model.ts';
import { renderTree } from './render.ts';

/** A tree on disk that is edited at random, with what is known of it. */
export class Session {
  readonly tree: WatchedRepo;
  readonly random: Random;
  /** Given to slipway, and to Go where they are Go's. */
  variables: Environment = {};
  #model: TreeModel;
  #written = new Map<string, string>();
  #branch = 'main';
  readonly #branches = new Map<string, TreeModel>();

  constructor(tree: WatchedRepo, random: Random, model: TreeModel) {
    this.tree = tree;
    this.random = random;
    this.#model = model;
    this.write(model);
    tree.init('v1.0.0');
  }

  get model(): TreeModel {
    return this.#model;
  }

  /** Makes the tree that of the model; files that stay the same are not touched. */
  write(model: TreeModel): void {
    const files = renderTree(model);
    for (const path of this.#written.keys()) if (!files.has(path)) rmSync(this.tree.path(path), { force: true });
    for (const [path, text] of files) {
      if (this.#written.get(path) === text) continue;
      mkdirSync(dirname(this.tree.path(path)), { recursive: true });
      writeFileSync(this.tree.path(path), text);
    }
    this.#model = model;
    this.#written = files;
  }

  /** Moves a file or directory; inodes and times stay. The model that says so is to be written next. */
  move(from: string, to: string): void {
    mkdirSync(dirname(this.tree.path(to)), { recursive: true });
    renameSync(this.tree.path(from), this.tree.path(to));
    const moved = (path: string): string =>
      path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
    this.#written = new Map([...this.#written].map(([path, text]) => [moved(path), text]));
  }

  /** Paths of the tree's files. */
  get paths(): string[] {
    return [...this.#written.keys()];
  }

  /** Commits what there is, and goes to the other branch, or makes it from here. */
  switchBranch(): string {
    const to = this.#branch === 'main' ? 'other' : 'main';
    this.tree.commit('before the switch');
    this.#branches.set(this.#branch, this.#model);
    const there = this.#branches.get(to);
    this.tree.git('checkout', '--quiet', ...(there === undefined ? ['-b'] : []), to);
    this.#branch = to;
    if (there !== undefined) {
      this.#model = there;
      this.#written = renderTree(there);
    }
    return to;
  }
}
