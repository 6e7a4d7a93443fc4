import { type Numbered, numbered, reversed } from '../graph/numbered.ts';
import type { GraphPackage } from '../graph/port.ts';

/** A command to link: its package, and a callback that reports whether its file exists. */
export interface LinkWork {
  readonly importPath: string;
  readonly outputs: readonly string[];
}

/**
 * Derives the state of a call's packages from the names that Go prints when it begins to compile them. The imports of
 * such a package are done, and its importers will be compiled. Go runs at most `jobs` at once, so if more began, one
 * has ended.
 */
export class WorkState {
  readonly graph: Numbered;
  private readonly importers: readonly (readonly number[])[];
  private readonly jobs: number;
  private readonly doneOnes: Uint8Array;
  private readonly expectedOnes: Uint8Array;
  private readonly begun = new Map<number, number>();
  private readonly running: number[] = [];
  private doneCount = 0;
  private doneBegun = 0;
  private readonly linked = new Set<LinkWork>();
  readonly links: readonly LinkWork[];
  /** Packages of Go's own library that were compiled in this call. */
  readonly library = new Set<string>();

  constructor(packages: ReadonlyMap<string, GraphPackage>, links: readonly LinkWork[], jobs: number) {
    this.graph = numbered(packages);
    this.importers = reversed(this.graph.imports);
    this.jobs = jobs;
    this.links = links;
    this.doneOnes = new Uint8Array(this.graph.packages.length);
    this.expectedOnes = new Uint8Array(this.graph.packages.length);
  }

  /** Go began a package of the graph. */
  begin(importPath: string, at: number): boolean {
    const one = this.graph.numberOf(importPath);
    if (one === undefined) return false;
    if (this.begun.has(one)) return true;
    this.begun.set(one, at);
    spread(this.graph.imports[one]!, this.graph.imports, this.doneOnes, (each) => this.end(each));
    if (this.doneOnes[one] === 0) this.running.push(one);
    while (this.running.length > this.jobs) this.finish(this.running[0]!);
    spread([one], this.importers, this.expectedOnes, () => {});
    return true;
  }

  /** Go's cache is empty, so all packages that are not done will be compiled. */
  expectAll(): void {
    this.expectedOnes.fill(1);
  }

  noteLinked(link: LinkWork): void {
    const one = this.graph.numberOf(link.importPath);
    if (one !== undefined) spread([one], this.graph.imports, this.doneOnes, (each) => this.end(each));
    this.linked.add(link);
  }

  endAll(): void {
    for (const link of this.links) this.noteLinked(link);
    for (const one of this.doneOnes.keys()) if (this.doneOnes[one] === 0) this.finish(one);
  }

  /** Go began with every command, so their imports are done. No other call would repeat any of the remaining work. */
  get hasBegunCommands(): boolean {
    return this.links.length > 0 && this.links.every(({ importPath }) => this.hasBegun(importPath));
  }

  get counts(): { readonly done: number; readonly kept: number; readonly links: number } {
    return { done: this.doneCount, kept: this.doneCount - this.doneBegun, links: this.linked.size };
  }

  get current(): { readonly packages: readonly string[]; readonly links: readonly LinkWork[] } {
    const mains = this.links.filter((link) => !this.linked.has(link) && this.mayBeLinking(link));
    const linking = new Set(mains.map(({ importPath }) => importPath));
    const packages = this.running.map((one) => this.nameOf(one)).filter((name) => !linking.has(name));
    return { packages, links: mains.slice(0, Math.max(0, this.jobs - packages.length)) };
  }

  /** Packages that will be compiled and are not done, with their start times. */
  *ahead(): Generator<{ readonly name: string; readonly begun: number | undefined }> {
    for (const [one, isDone] of this.doneOnes.entries())
      if (isDone === 0 && this.expectedOnes[one] === 1) yield { name: this.nameOf(one), begun: this.begun.get(one) };
  }

  linksAhead(): readonly LinkWork[] {
    return this.links.filter((link) => !this.linked.has(link));
  }

  /** Packages that were compiled in this call and are done. */
  *compiled(): Generator<string> {
    for (const one of this.begun.keys()) if (this.doneOnes[one] === 1) yield this.nameOf(one);
  }

  /** Its package is done, or is the only one missing. */
  private mayBeLinking({ importPath }: LinkWork): boolean {
    const one = this.graph.numberOf(importPath);
    return one !== undefined && (this.doneOnes[one] === 1 || (this.begun.has(one) && this.isLast()));
  }

  private hasBegun(importPath: string): boolean {
    const one = this.graph.numberOf(importPath);
    return one !== undefined && this.begun.has(one);
  }

  private isLast(): boolean {
    for (const [one, isDone] of this.doneOnes.entries())
      if (isDone === 0 && this.expectedOnes[one] === 1 && !this.begun.has(one)) return false;
    return true;
  }

  private finish(one: number): void {
    this.doneOnes[one] = 1;
    this.end(one);
  }

  private end(one: number): void {
    this.doneCount += 1;
    if (this.begun.has(one)) this.doneBegun += 1;
    const at = this.running.indexOf(one);
    if (at !== -1) this.running.splice(at, 1);
  }

  private nameOf(one: number): string {
    return this.graph.packages[one]!.importPath;
  }
}

/** Marks everything reachable. It stops at marks, because everything behind a mark has one. */
function spread(
  starts: readonly number[],
  edges: readonly (readonly number[])[],
  marks: Uint8Array,
  onMark: (one: number) => void,
): void {
  const queue: number[] = [];
  const visit = (one: number): void => {
    if (marks[one] === 1) return;
    marks[one] = 1;
    queue.push(one);
    onMark(one);
  };
  for (const one of starts) visit(one);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) for (const one of edges[next]!) visit(one);
}
