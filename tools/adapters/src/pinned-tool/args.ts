import type { PinnedTool } from '@slipway/model';

/** Nothing but this package, no code of it is run, into a directory of its own: no Python environment is touched. */
export const pipArguments = (directory: string): string[] => [
  'python3',
  '-m',
  'pip',
  'install',
  '--quiet',
  '--disable-pip-version-check',
  '--no-deps',
  '--only-binary=:all:',
  `--target=${directory}`,
];

/** A line of a requirements file; pip takes any of the hashes. */
export const requirement = ({ name, version, sha256 }: PinnedTool): string =>
  `${[`${name}==${version}`, ...sha256.map((hash) => `--hash=sha256:${hash}`)].join(' ')}\n`;
