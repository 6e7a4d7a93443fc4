import { describe, expect, it } from 'vitest';
import type { GraphStore } from '@slipway/freshness';
import { affectedBy } from './affected-by.ts';

/** A step of one command that is built from these files of one package. */
function asked(files: readonly string[]): Parameters<typeof affectedBy> {
  const closure = { kind: 'go-closure', importPath: 'example/cmd', test: false };
  const action = { name: 'kubectl', inputs: [{ ...closure, build: { platform: 'linux/amd64', flags: [] } }] };
  const step = { kind: 'exec', argv: [], cwd: '/tree', env: {}, unset: [], actions: [action] };
  const places = { host: { name: 'host', root: '/tree', environment: {} } };
  const graph = {
    packages: [{ dir: '/tree/cmd', files }],
    why: (_: unknown, target: string) => (target.endsWith('b.go') ? undefined : ['example/cmd']),
  };
  const graphs = { load: () => Promise.resolve({ graph }) } as unknown as GraphStore;
  const changed = ['/tree/doc.md', ...files.map((file) => `/tree/cmd/${file}`)];
  const planned = { plan: { root: '/tree', steps: [step], places, environment: {} }, facts: {} };
  type Given = Parameters<typeof affectedBy>;
  return [
    { graphs, index: { newContent: () => changed } as unknown as Given[0]['index'] },
    planned as unknown as Given[1],
  ];
}

describe('affectedBy', () => {
  it('lists the imports between a command and a changed file', async () => {
    const { chains, untold } = await affectedBy(...asked(['a.go', 'b.go']));
    const chain = { file: 'cmd/a.go', command: 'kubectl', platform: 'linux/amd64', imports: ['example/cmd'] };
    expect({ chains, untold }).toEqual({ chains: [chain], untold: 0 });
  });

  it('computes no chains for too many changed files', async () => {
    const [incremental, planned] = asked(Array.from({ length: 60 }, (_, number) => `${number}.go`));
    const { chains, untold } = await affectedBy(incremental, planned);
    expect({ chains, untold }).toEqual({ chains: [], untold: 60 });
  });
});
