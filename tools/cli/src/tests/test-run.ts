import { type EventOf, type TestEnd, counted } from '@slipway/model';
import { type Reporter, watched } from '../report/reporter.ts';

export type TestedPackage = EventOf<'package-tested'>;

/** The packages of a run, each by its last report, sorted by import path. */
export class TestRun {
  private readonly packages = new Map<string, TestedPackage>();

  add(tested: TestedPackage): void {
    this.packages.set(tested.result.importPath, tested);
  }

  get tested(): TestedPackage[] {
    return [...this.packages.values()].sort((a, b) => (a.result.importPath < b.result.importPath ? -1 : 1));
  }

  get failed(): TestedPackage[] {
    return this.tested.filter(({ result }) => result.is === 'fail');
  }

  /** Passes everything on. */
  watching(next: Reporter): Reporter {
    return watched(next, (event) => {
      if (event.kind === 'package-tested') this.add(event);
    });
  }
}

/**
 * `12 packages: 2 ran, 9 fresh, 1 flaky, 1 failed · 340 tests: 1 failed, 1 flaky, 1 quarantined, 4 skipped`; undefined
 * if nothing was tested.
 */
export function formatCounts({ tested, failed }: TestRun): string | undefined {
  if (tested.length === 0) return undefined;
  const passed = (is: string): number => tested.filter((each) => each.is === is && isPlain(each)).length;
  const tests = tested.flatMap(({ result }) => result.tests);
  const ended = (is: TestEnd): number => tests.filter((test) => test.is === is).length;
  const are = (is: TestEnd): number => tested.filter(({ result }) => result.is === is).length;
  const packages = told({
    ...{ ran: passed('ran'), fresh: passed('fresh'), restored: passed('restored') },
    ...{ flaky: are('flaky'), quarantined: are('quarantined'), failed: failed.length },
  });
  const ends = told({
    failed: ended('fail'),
    flaky: ended('flaky'),
    quarantined: ended('quarantined'),
    skipped: ended('skip'),
  });
  return `${counted(tested.length, 'package')}${packages} · ${counted(tests.length, 'test')}${ends}`;
}

const isPlain = ({ result: { is } }: TestedPackage): boolean => is === 'pass' || is === 'skip';

function told(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0 ? '' : `: ${some.map(([word, count]) => `${count} ${word}`).join(', ')}`;
}
