/** Short texts of Go for trees of one command. */
export const goMod = (more = ''): Record<string, string> => ({
  'go.mod': `module seen.example/tree\n\ngo 1.24\n${more}`,
});

export const plainMain = 'package main\n\nfunc main() { println(1) }\n';

/** A command with cgo: the lines before `import "C"`, and the body of main. */
export const cgoMain = (lines: string, body = 'println(C.N)'): string =>
  `package main\n\n${lines.replaceAll(/^/gm, '// ')}\nimport "C"\n\nfunc main() { ${body} }\n`;

/** Calls `f`, which is defined elsewhere. */
export const callingMain = (lines = ''): string => cgoMain(`${lines}int f(void);`, 'println(C.f())');

/** Has its C code in itself. */
export const selfContained = cgoMain('static int f(void) { return 7; }', 'println(C.f())');

/** Source of a library with `f`, outside of any package. */
export const libSource: Record<string, string> = { 'src/f.c': 'int f(void) { return 5; }\n' };
export const makeLib = 'mkdir -p lib; gcc -c -o lib/f.o src/f.c; ar rcD lib/libf.a lib/f.o; rm lib/f.o';

/** A command that uses the module o.example/o, which lies in a directory of its own. */
export const usingModule = (dir: string): Record<string, string> => ({
  'cmd/a/a.go': 'package main\n\nimport "o.example/o"\n\nfunc main() { println(o.N) }\n',
  [`${dir}/go.mod`]: 'module o.example/o\n\ngo 1.24\n',
  [`${dir}/o.go`]: 'package o\n\nconst N = 1\n',
});

export const replacing = (dir: string): Record<string, string> =>
  goMod(`\nrequire o.example/o v0.0.0\n\nreplace o.example/o => ${dir}\n`);
