/** The parts of a go.mod that the project graph needs. */
export interface GoModule {
  readonly module: string;
  /** Module paths, direct and indirect. */
  readonly requires: readonly string[];
}

export function parseGoModule(text: string): GoModule {
  const lines = text.split('\n').map((line) => line.replace(/\/\/.*/, '').trim());
  const requires: string[] = [];
  let module = '';
  let inRequire = false;
  for (const line of lines) {
    const [word = '', path = ''] = line.split(/\s+/);
    if (word === 'module') module = unquote(path);
    else if (word === 'require' && path === '(') inRequire = true;
    else if (word === 'require') requires.push(unquote(path));
    else if (word === ')') inRequire = false;
    else if (inRequire && word !== '') requires.push(unquote(word));
  }
  return { module, requires };
}

const unquote = (text: string): string => text.replaceAll(/["`]/g, '');
