/**
 * Packages that others need only during their installation. Nothing is installed here, so these and their own
 * dependencies are left out.
 */
export const takenForInstalled = [
  'debconf',
  'debianutils',
  'dpkg',
  'init-system-helpers',
  'liberror-perl',
  'openssl',
  'perl',
  'perl-base',
  'usrmerge',
  'util-linux',
] as const;

/** Files that no build reads, by tar's patterns: three fifths of the compilers' files. */
export const leftOut = [
  './usr/share/doc/*',
  './usr/share/info/*',
  './usr/share/lintian/*',
  './usr/share/locale/*',
  './usr/share/man/*',
  '*/gconv/*',
  '*/i18n/*',
  '*/libasan.*',
  '*/libhwasan.*',
  '*/liblsan.*',
  '*/libtsan.*',
  '*/libubsan.*',
  '*/lto-wrapper',
  '*/lto1',
  '*dwp',
  '*gcov*',
  '*gp-archive',
  '*gprofng*',
  '*ld.gold',
  '*lto-dump*',
] as const;

/** Files of a Go installation that no build reads. */
export const leftOutOfGo = ['./api', './doc', './test', 'testdata', '*_test.go'] as const;

/** Links that the packages' scripts would create, if missing and their target exists. */
export const links: readonly { readonly link: string; readonly to: readonly string[] }[] = [
  { link: 'usr/bin/sh', to: ['dash', 'bash'] },
  { link: 'usr/bin/awk', to: ['mawk'] },
  { link: 'usr/bin/cc', to: ['gcc'] },
];

export const imageEnvironment = {
  PATH: '/usr/local/go/bin:/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  GOPATH: '/go',
  GOTOOLCHAIN: 'local',
} as const;

/** Seconds since 1970 of every file, for equal bytes. */
export const FILE_TIME = 1_700_000_000;
