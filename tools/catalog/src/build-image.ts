/**
 * Debian packages of the image a tree is built in, when it has no `build/build-image/packages.txt`: what the scripts of such
 * trees run, and the C compilers of the platforms that are built with cgo.
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
  'gcc-aarch64-linux-gnu',
  'libc6-dev-arm64-cross',
  'gcc-arm-linux-gnueabihf',
  'libc6-dev-armhf-cross',
  'gcc-powerpc64le-linux-gnu',
  'libc6-dev-ppc64el-cross',
  'gcc-s390x-linux-gnu',
  'libc6-dev-s390x-cross',
];
