import { expect, test } from 'vitest';
import { type Built, readDockerfile } from './dockerfile.ts';

const read = (text: string, args: Readonly<Record<string, string>> = {}): Built =>
  readDockerfile({
    text,
    args: { BASEIMAGE: 'registry.example/base:v1', BINARY: 'server', ...args },
    context: {
      server: { binary: 'server' },
      'README.md': { tree: 'docs/README.md', directory: false },
      cluster: { tree: 'cluster', directory: true },
    },
  });

const ok = (files: object[], more: object = {}) => ({
  ok: true,
  base: 'registry.example/base:v1',
  files,
  config: {},
  ...more,
});

test.each<[string, string, unknown]>([
  [
    'one copy',
    'ARG BASEIMAGE\nFROM "${BASEIMAGE}"\nCOPY ${BINARY} /usr/bin/$BINARY',
    ok([{ path: 'usr/bin/server', binary: 'server' }]),
  ],
  ['a directory to copy to', 'FROM ${BASEIMAGE}\nCOPY server /bin/', ok([{ path: 'bin/server', binary: 'server' }])],
  [
    'an entrypoint over two lines, and comments',
    '# first\nFROM ${BASEIMAGE}\n# second\nCOPY \\\n  server /s\nENTRYPOINT ["/s", "-v"]\n',
    ok([{ path: 's', binary: 'server' }], { config: { entrypoint: ['/s', '-v'] } }),
  ],
  [
    'capabilities of another stage, by number and by name',
    'FROM tools AS caps\nCOPY server /x\nRUN setcap cap_net_bind_service=+ep /x\nFROM ${BASEIMAGE}\nCOPY --from=0 /x /a\nCOPY --from=caps /x /b',
    ok([
      { path: 'a', binary: 'server', capabilities: [10] },
      { path: 'b', binary: 'server', capabilities: [10] },
    ]),
  ],
  [
    'a default of its own',
    'ARG BASEIMAGE=other\nARG WHERE=/w\nFROM $BASEIMAGE\nCOPY server ${WHERE}',
    ok([{ path: 'w', binary: 'server' }]),
  ],
  ['nothing', '', { ok: false, fact: 'it has no FROM' }],
  ['a command', 'FROM x\nRUN apt-get install y', { ok: false, fact: 'RUN apt-get install y needs an engine' }],
  [
    'an unknown capability',
    'FROM x\nCOPY server /s\nRUN setcap cap_chown=+ep /s',
    { ok: false, fact: expect.stringMatching('engine') },
  ],
  [
    'files and directories of the tree',
    'FROM ${BASEIMAGE}\nCOPY README.md /doc/\nCOPY cluster /kubernetes/cluster\nCOPY cluster /other/',
    ok([
      { path: 'doc/README.md', tree: 'docs/README.md', directory: false },
      { path: 'kubernetes/cluster', tree: 'cluster', directory: true },
      { path: 'other', tree: 'cluster', directory: true },
    ]),
  ],
  [
    'what it says of processes',
    'FROM ${BASEIMAGE}\nCOPY server /s\nWORKDIR /w\nENV FOCUS="\\[Conformance\\]"\nENV SKIP=""\nENV PARALLEL=1\nCMD ["/s"]',
    ok([{ path: 's', binary: 'server' }], {
      config: { workingDir: '/w', env: ['FOCUS=\\[Conformance\\]', 'SKIP=', 'PARALLEL=1'], cmd: ['/s'] },
    }),
  ],
  [
    'several variables in a line',
    'FROM x\nENV A=1 B=2',
    { ok: false, fact: 'ENV A=1 B=2 is more than one plain value' },
  ],
  ['another instruction', 'FROM x\nUSER 1', { ok: false, fact: 'USER needs an engine' }],
  [
    'a file that is no binary',
    'FROM x\nCOPY nsswitch.conf /etc/',
    { ok: false, fact: expect.stringMatching('is called so in its context') },
  ],
  [
    'a stage that is not there',
    'FROM x\nCOPY --from=9 /s /s',
    { ok: false, fact: expect.stringMatching('no such binary') },
  ],
  ['other owners', 'FROM x\nCOPY --chown=1 server /s', { ok: false, fact: expect.stringMatching('engine') }],
  ['an entrypoint for a shell', 'FROM x\nENTRYPOINT server', { ok: false, fact: 'ENTRYPOINT server is not a list' }],
  [
    'an instruction before the first image',
    'COPY server /s',
    { ok: false, fact: expect.stringMatching('before FROM') },
  ],
])('%s', (_name, text, built) => expect(read(text)).toEqual(built));
