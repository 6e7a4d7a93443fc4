import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Check } from './check.ts';

/** Folders with `.proto` files, and the generated files beside them. */
const messagesDirectory = 'tools/adapters/src/reapi';

/** The TypeScript of remote messages is what buf and protoc-gen-es make of their .proto files. */
export const messages: Check = (tree) => {
  const made = generate(join(tree.root, messagesDirectory));
  const isMade = (path: string): boolean => path.startsWith(`${messagesDirectory}/`) && path.endsWith('_pb.ts');
  for (const path of tree.list().filter(isMade)) if (!made.has(path)) tree.delete(path);
  for (const [path, text] of made) tree.write(path, text);
};

const programOf = (name: string): string =>
  join(dirname(createRequire(import.meta.url).resolve(`@bufbuild/${name}/package.json`)), 'bin', name);

/** Texts by path. This needs no network: the files import only each other and protobuf's own definitions. */
function generate(directory: string): Map<string, string> {
  const out = mkdtempSync(join(tmpdir(), 'slipway-messages-'));
  const plugin = {
    local: [process.execPath, programOf('protoc-gen-es')],
    out,
    // Node strips types, and does not compile enums.
    opt: ['target=ts', 'import_extension=ts', 'erasable_syntax=true'],
  };
  const template = JSON.stringify({ version: 'v2', plugins: [plugin] });
  const args = [programOf('buf'), 'generate', directory, '--template', template];
  try {
    execFileSync(process.execPath, args, { cwd: out, stdio: ['ignore', 'ignore', 'inherit'] });
    return new Map(
      readdirSync(out).map((name) => [`${messagesDirectory}/${name}`, readFileSync(join(out, name), 'utf8')]),
    );
  } finally {
    rmSync(out, { recursive: true });
  }
}
