import type { PlanNote, Quarantined, TestPackage } from '@slipway/model';
import type { Planning } from '../planning.ts';

const DAY = 86_400;

const isOf = ({ package: name }: Quarantined, { importPath, dir }: TestPackage): boolean =>
  name === importPath || name.replace(/^\.\//, '').replace(/\/$/, '') === dir;

const isOver = ({ until }: Quarantined, { facts }: Planning): boolean =>
  facts.machine.now >= Date.parse(until) / 1000 + DAY;

/** Tests of these packages whose failures do not count today. */
export const quarantineOf = (packages: readonly TestPackage[], planning: Planning): Quarantined[] =>
  (planning.facts.tree.quarantine ?? [])
    .filter((each) => !isOver(each, planning))
    .flatMap((each) =>
      packages.filter((one) => isOf(each, one)).map(({ importPath }) => ({ ...each, package: importPath })),
    );

/** Tests whose quarantine has expired, as long as the configuration lists them. */
export const quarantineNotes = (packages: readonly TestPackage[], planning: Planning): PlanNote[] =>
  (planning.facts.tree.quarantine ?? [])
    .filter((each) => isOver(each, planning) && packages.some((one) => isOf(each, one)))
    .map((each) => ({
      what: `${each.test} in ${each.package}`,
      why: `its quarantine ended on ${each.until}: failures count again`,
    }));
