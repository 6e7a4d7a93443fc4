import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { types } from 'node:util';
import { build, type Metafile, type Plugin } from 'esbuild';
import { repositoryRoot } from './check.ts';
import { besidesModules, loadedByPath } from './loaded-by-path.ts';
import { entryText } from './package-entry.ts';

export interface BuiltPackage {
  readonly name: string;
  readonly version: string;
  /** Size of the program. */
  readonly bytes: number;
}

interface Manifest {
  readonly version: string;
}

const minimumNode = '22.18.0';
/** The types that a slipway.config.ts may import; this file imports nothing itself. */
const configTypes = 'tools/catalog/src/config.ts';
const load = createRequire(import.meta.url) as (file: string) => object;
const tsc = join(repositoryRoot, 'node_modules/.bin/tsc');

/**
 * The bundled program in parts, an entry that looks at Node's version first, the types of slipway.config.ts, and the papers: no dependencies and no scripts, so
 * installing is unpacking.
 */
export async function buildPackage(directory: string): Promise<BuiltPackage> {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'tools/cli/package.json'), 'utf8')) as Manifest;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const besides = loadedByPath(join(repositoryRoot, 'tools'));
  const { metafile } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: { slipway: 'tools/cli/src/main.ts', ...besides.modules },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // Modules that our source loads on demand stay separate: a run without changes reads 80 of 2000 KiB.
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: `node${minimumNode}`,
    define: {
      SLIPWAY_VERSION: JSON.stringify(version),
      SLIPWAY_CONFIG_TYPES: JSON.stringify(readFileSync(join(repositoryRoot, configTypes), 'utf8')),
    },
    // For libraries that are CommonJS and require Node's own modules.
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);\n${besides.banner}`,
    },
    legalComments: 'none',
    metafile: true,
    plugins: [withoutUnused, namesOfCommonJs, besidesModules],
    logLevel: 'warning',
  });
  for (const [to, from] of Object.entries(besides.files)) copyFileSync(from, join(directory, to));
  const compiler = ['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--types', '', '--outDir', directory];
  execFileSync(tsc, [...compiler, join(repositoryRoot, configTypes)]);
  writeFileSync(join(directory, 'slipway.cjs'), entryText(minimumNode));
  chmodSync(join(directory, 'slipway.cjs'), 0o755);
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(manifest(version), null, 2)}\n`);
  writeFileSync(join(directory, 'THIRD-PARTY.txt'), thirdParty(metafile));
  for (const file of ['README.md', 'LICENSE'])
    if (existsSync(join(repositoryRoot, file))) copyFileSync(join(repositoryRoot, file), join(directory, file));
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return { name: 'slipway', version, bytes };
}

/**
 * dockerode loads libraries for features that we do not use: SSH logins (with native code), BuildKit's sessions and its
 * traces. In the package they are empty, so that it is JavaScript only.
 */
const withoutUnused: Plugin = {
  name: 'without-unused',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:ssh2|@grpc\/.*|protobufjs)$/ }, ({ path, importer }) =>
      /node_modules\/(?:dockerode|docker-modem)\//.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * Node finds named exports in `await import('a-library')` of CommonJS; esbuild has nothing but `default`. So the bundle
 * gets a module in between that names them.
 */
const namesOfCommonJs: Plugin = {
  name: 'names-of-common-js',
  setup({ onResolve, onLoad, resolve }) {
    const namespace = 'common-js';
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (kind !== 'dynamic-import' || isBuiltin(path) || pluginData === namespace) return undefined;
      const { path: file } = await resolve(path, { kind, resolveDir, importer, pluginData: namespace });
      const isCommonJs = file !== '' && !types.isModuleNamespaceObject(load(file));
      return isCommonJs ? { path: file, namespace } : undefined;
    });
    onLoad({ filter: /./, namespace }, ({ path }) => {
      const names = Object.keys(load(path)).filter((name) => name !== 'default' && /^\w+$/.test(name));
      return {
        contents: `const all = require(${JSON.stringify(path)}); export default all; export const { ${names.join(', ')} } = all;`,
        resolveDir: dirname(path),
      };
    });
  },
};

const manifest = (version: string): object => ({
  name: 'slipway',
  version,
  description: 'Builds, tests and releases Kubernetes-style Go monorepos, in place and without BUILD files',
  license: 'Apache-2.0',
  bin: { slipway: 'slipway.cjs' },
  types: 'config.d.ts',
  files: ['slipway.cjs', 'slipway.mjs', 'parts', 'config.d.ts', 'THIRD-PARTY.txt'],
  engines: { node: `>=${minimumNode}` },
});

/** The licences of the bundled libraries, which they require with each copy. */
function thirdParty({ inputs }: Metafile): string {
  const packages = new Set(
    Object.keys(inputs).flatMap(
      (path) => /^(?!common-js:)(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
    ),
  );
  return [...packages]
    .sort()
    .map((path) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(repositoryRoot, path, 'package.json'), 'utf8'),
      ) as Record<string, string>;
      const file = readdirSync(join(repositoryRoot, path)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : readFileSync(join(repositoryRoot, path, file), 'utf8').trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
