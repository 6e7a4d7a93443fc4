import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from './check.ts';

const plugin = join(repositoryRoot, 'tools/nx-plugin');

/** The plugin for workspaces of others, `@slipway/nx`: it brings the package slipway of the same version. */
export async function buildNxPackage(directory: string, version: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await build({
    absWorkingDir: plugin,
    entryPoints: { plugin: 'src/their-plugin.ts', 'build-executor': 'src/build-executor.ts' },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22.18',
    define: { SLIPWAY_PROGRAM: JSON.stringify('slipway/slipway.mjs') },
    logLevel: 'warning',
  });
  const executors = readFileSync(join(plugin, 'executors.json'), 'utf8').replaceAll(
    /\.\/src\/([\w-]+)\.ts/g,
    './$1.mjs',
  );
  writeFileSync(join(directory, 'executors.json'), executors.replace('./src/', './'));
  copyFileSync(join(plugin, 'src/build-schema.json'), join(directory, 'build-schema.json'));
  copyFileSync(join(repositoryRoot, 'LICENSE'), join(directory, 'LICENSE'));
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(manifest(version), null, 2)}\n`);
}

const manifest = (version: string): object => ({
  name: '@slipway/nx',
  version,
  description: 'Go modules and commands as Nx projects, built and tested by slipway',
  license: 'Apache-2.0',
  type: 'module',
  exports: {
    '.': './plugin.mjs',
    './package.json': './package.json',
    './executors.json': './executors.json',
  },
  executors: './executors.json',
  dependencies: { slipway: version },
  peerDependencies: { nx: '>=24.0.0 <25' },
});
