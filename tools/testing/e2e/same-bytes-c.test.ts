import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { ExecStep, Plan, Profile } from '@slipway/model';
import { expectDone } from '../src/expect-failure.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { callingMain, cgoMain, goMod } from '../src/observe/sources.ts';
import { seedGoCache } from '../src/observe/seed.ts';
import { Repo } from '../src/repo-rig.ts';

/** Commands with all that a C compiler is given in a tree; places that come into an object are among it (`__FILE__`, debug lines). */
const commands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  c: {
    'a.go': callingMain('static const char *here(void) { return __FILE__; }\n'),
    'f.c': '#include <assert.h>\n#include "sub/n.h"\nint f(void) { assert(N); return sizeof(__FILE__) + N; }\n',
    'sub/n.h': '#define N 1\n',
  },
  cxx: {
    'a.go': callingMain(),
    'f.cc': '#include <string>\nextern "C" int f(void) { return std::string(__FILE__).size() + 1; }\n',
  },
  asm: {
    'a.go': 'package main\n\nfunc f() int\n\nfunc main() { println(f()) }\n',
    'f_amd64.s': '#include "../../inc/k.h"\nTEXT ·f(SB), 4, $0-8\n\tMOVQ $K, AX\n\tMOVQ AX, ret+0(FP)\n\tRET\n',
    'f_arm64.s': '#include "../../inc/k.h"\nTEXT ·f(SB), 4, $0-8\n\tMOVD $K, R0\n\tMOVD R0, ret+0(FP)\n\tRET\n',
  },
  generated: {
    'a.go': cgoMain('#include <stdint.h>\nextern intptr_t _wrap_f_tree(void);', 'println(C._wrap_f_tree())'),
    'a_wrap.c':
      '/* Made by a program, which says of which lines. */\n#include <stdint.h>\n#line 3 "a.i"\nstatic int f(void) { return 7; }\n#line 1 "a_wrap.c"\nintptr_t _wrap_f_tree(void) { return f(); }\n',
  },
};

class Place extends Repo {
  constructor(name: string) {
    super('empty', name);
    const own = Object.entries(commands).flatMap(([command, files]) =>
      Object.entries(files).map(([path, text]) => [`cmd/${command}/${path}`, text] as const),
    );
    this.write({ ...goMod(), ...Object.fromEntries(own), 'inc/k.h': '#define K 8\n' }).init('v1.2.3');
  }

  /** Caches that have Go's library and nothing else: compiling that each time would take minutes, and it lies outside of the tree. */
  emptyCaches(name: string): { readonly GOCACHE: string; readonly XDG_CACHE_HOME: string } {
    const GOCACHE = join(this.base, `go-build ${name}`);
    seedGoCache(GOCACHE);
    return { GOCACHE, XDG_CACHE_HOME: join(this.base, `cache ${name}`) };
  }

  async bytes(profile: Profile, outDir: string): Promise<Readonly<Record<string, string>>> {
    const env = this.emptyCaches(profile);
    expectDone(await this.slipway(['all', '--profile', profile, `OUT_DIR=${outDir}`], { env }));
    return this.digests((name) => resolve(this.dir, this.published(name, undefined, outDir)));
  }

  /** Digests of the plan's call, made by hand and without a temporary directory of ours. */
  async plainBytes(profile: Profile): Promise<Readonly<Record<string, string>>> {
    const { stdout } = await this.slipway(['-n', '--json', 'all', '--profile', profile]);
    const step = (JSON.parse(stdout) as Plan).steps.find((each): each is ExecStep => each.kind === 'exec')!;
    const [go, ...args] = step.argv;
    const to = join(this.base, `plain ${profile}/`);
    args[args.indexOf('-o') + 1] = to;
    const { GOTMPDIR: _scratch, ...own } = step.env;
    const env = { ...this.env, ...own, ...this.emptyCaches(`plain ${profile}`) };
    execFileSync(go!, args, { cwd: resolve(this.dir, step.cwd), env, stdio: 'pipe' });
    return this.digests((name) => join(to, name));
  }

  digests(pathOf: (name: string) => string): Readonly<Record<string, string>> {
    const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    return Object.fromEntries(Object.keys(commands).map((name) => [name, digest(pathOf(name))]));
  }
}

test.for(['dev', 'release'] as const)(
  'profile %s: C, C++, assembly and generated C give the bytes of plain Go, in any directory, from empty caches',
  unless(whyWithout('gcc', 'g++')),
  async (profile) => {
    await using one = new Place('one');
    await using two = new Place('elsewhere/with another name');
    const plain = await one.plainBytes(profile);
    expect(await one.bytes(profile, '_output'), 'with the output in the tree').toEqual(plain);
    expect(await two.bytes(profile, join(two.base, 'out')), 'elsewhere, with the output outside').toEqual(plain);
    expect(one.output('_output/bin/generated')).toBe('7');
  },
);
