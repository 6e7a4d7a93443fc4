// Makes a site of the documents, in _output/site, with VitePress (hack/site/package.json):  npm run docs [-- DIR]
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { $ } from 'zx';
import { scriptArguments } from './lib/arguments.ts';
import { repositoryRoot } from './lib/check.ts';
import { slugOf } from './lib/docs.ts';
import { siteFiles, siteMenu } from './lib/site.ts';
import { openTree } from './lib/tree.ts';

const { positionals } = scriptArguments('npm run docs [-- DIR]', {}, 1);
const outDir = resolve(positionals[0] ?? join(repositoryRoot, '_output/site'));
const generator = join(repositoryRoot, 'hack/site');
const pages = join(generator, 'node_modules/.pages');

const tree = openTree(repositoryRoot);
rmSync(pages, { recursive: true, force: true });
const config = {
  title: 'Slipway',
  outDir,
  cacheDir: join(pages, '.cache'),
  lastUpdated: false,
  themeConfig: {
    search: { provider: 'local' },
    sidebar: siteMenu(tree.read('README.md')),
    outline: [2, 3],
  },
};
const files = [
  ...siteFiles(tree),
  {
    path: '.vitepress/config.mjs',
    text: `const config = ${JSON.stringify(config, null, 2)};\n${slugOf}\nexport default { ...config, markdown: { anchor: { slugify: slugOf } } };\n`,
  },
];
const lock = readFileSync(join(generator, 'package-lock.json'), 'utf8');
const stamp = join(generator, 'node_modules/.slipway-install');
const inside = $({ cwd: generator, stdio: 'inherit' });
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  await inside`npm ci --ignore-scripts --no-audit --no-fund`;
  writeFileSync(stamp, lock);
}
for (const { path, text } of files) {
  mkdirSync(dirname(join(pages, path)), { recursive: true });
  writeFileSync(join(pages, path), text);
}
await inside`${process.execPath} node_modules/vitepress/bin/vitepress.js build ${pages}`;
console.log(outDir);
