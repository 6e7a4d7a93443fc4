import type { Disk } from '@slipway/facts';
import { findRoot } from '@slipway/facts/find-root';
import { isSafeDirectory, trustedUsers } from '@slipway/adapters/safe-directory';
import type { Environment } from '@slipway/model';

/** The tree of a directory, if its owner is trusted by git's rules. Throws NO_TREE and UNSAFE_TREE. */
export const treeRoot = (directory: string, environment: Environment, disk?: Disk): string =>
  findRoot(
    directory,
    { users: trustedUsers(environment), isSafe: (directories) => isSafeDirectory(directories, environment) },
    disk,
  );
