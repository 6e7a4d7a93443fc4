import { crossCompilers } from './compilers.ts';

/**
 * Debian packages of the build image for a tree without `build/build-image/packages.txt`: the programs that scripts of
 * such trees run, and the C compilers of the platforms with cgo.
 */
export const buildImagePackages: readonly string[] = [
  'base-passwd',
  'bash',
  'ca-certificates',
  'coreutils',
  'dash',
  'diffutils',
  'findutils',
  'git',
  'grep',
  'gzip',
  'hostname',
  'jq',
  'make',
  'mawk',
  'procps',
  'rsync',
  'sed',
  'tar',
  'gcc',
  'libc6-dev',
  ...['linux/arm64', 'linux/arm', 'linux/ppc64le', 'linux/s390x'].flatMap(debianPackages),
];

function debianPackages(platform: string): string[] {
  const installation = crossCompilers[platform]?.installation;
  return installation !== undefined && 'debian' in installation ? installation.debian.split(' ') : [];
}
