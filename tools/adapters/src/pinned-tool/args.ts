import type { PinnedTool } from '@slipway/model';

/** Installs only this package into its own directory, and runs none of its code. It changes no Python environment. */
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

/** A line of a requirements file. pip accepts any of the hashes. */
export const requirement = ({ name, version, sha256 }: PinnedTool): string =>
  `${[`${name}==${version}`, ...sha256.map((hash) => `--hash=sha256:${hash}`)].join(' ')}\n`;
