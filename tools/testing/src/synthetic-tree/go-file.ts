/** One Go file while it is put together: declarations in order, and the imports they turned out to need. */
export class GoFile {
  readonly #packageName: string;
  readonly #comment: string;
  readonly #header: string;
  readonly #pathByName = new Map<string, string>();
  readonly #declarations: string[] = [];

  /** The comment stands above the package clause; the header (a build constraint) above that. */
  constructor(packageName: string, { comment = '', header = '' }: { comment?: string; header?: string } = {}) {
    this.#packageName = packageName;
    this.#comment = comment;
    this.#header = header;
  }

  /** The name under which the file knows a package. */
  use(importPath: string, packageName = importPath.slice(importPath.lastIndexOf('/') + 1)): string {
    for (let count = 1; ; count++) {
      const name = count === 1 ? packageName : `${packageName}${count}`;
      const taken = this.#pathByName.get(name);
      if (taken === undefined) this.#pathByName.set(name, importPath);
      if (taken === undefined || taken === importPath) return name;
    }
  }

  /** An import for its effects. */
  useSilently(importPath: string): void {
    this.#pathByName.set(`_ ${importPath}`, importPath);
  }

  add(declaration: string): void {
    this.#declarations.push(declaration.trim());
  }

  get size(): number {
    return this.#declarations.length;
  }

  /** As gofmt prints it. */
  toString(): string {
    const head = `${this.#header === '' ? '' : `${this.#header}\n\n`}${this.#comment === '' ? '' : `// ${this.#comment}\n`}package ${this.#packageName}`;
    return `${[head, ...this.#imports(), ...this.#declarations].join('\n\n')}\n`;
  }

  #imports(): string[] {
    const lines = [...this.#pathByName].map(([key, path]) => {
      const name = key.split(' ')[0]!;
      return { path, line: `\t${path.endsWith(`/${name}`) || path === name ? '' : `${name} `}"${path}"` };
    });
    if (lines.length === 0) return [];
    const blocks = [lines.filter(({ path }) => !isOurs(path)), lines.filter(({ path }) => isOurs(path))];
    const texts = blocks
      .filter((block) => block.length > 0)
      .map((block) =>
        block
          .sort((a, b) => (a.path < b.path ? -1 : 1))
          .map(({ line }) => line)
          .join('\n'),
      );
    return [`import (\n${texts.join('\n\n')}\n)`];
  }
}

const isOurs = (importPath: string): boolean => importPath.split('/')[0]!.includes('.');
