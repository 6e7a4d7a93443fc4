/** All of CI, in minutes. 90 is the limit for everything that will ever be in it; raise this one with the suites. */
export const minuteLimit = 68;

export interface Suite {
  readonly name: string;
  /** Its limit in minutes on two busy cores with empty caches. */
  readonly minutes: number;
  /** Nx tasks, `project:target`, that belong to it. */
  readonly tasks: RegExp;
}

/** Every task `npm test` runs belongs to exactly one suite. */
export const suites: readonly Suite[] = [
  { name: 'unit tests', minutes: 13, tasks: /^(?:@slipway\/.*|hack):test$/ },
  { name: 'end to end', minutes: 48, tasks: /:e2e$/ },
  { name: 'Go tests and vet', minutes: 3, tasks: /^(?!@slipway\/|hack:).*:(?:test|vet)$/ },
  { name: 'components together', minutes: 2, tasks: /:test-integration$/ },
  { name: 'types', minutes: 1, tasks: /:typecheck$/ },
  { name: 'verify', minutes: 1, tasks: /:verify$/ },
];

/** The targets that Nx runs. */
export const testTargets = ['typecheck', 'verify', 'vet', 'test', 'test-integration', 'e2e'] as const;

/** The reason why the table cannot be kept, if there is one. */
export function budgetProblem(table: readonly Suite[] = suites, limit: number = minuteLimit): string | undefined {
  const sum = table.reduce((minutes, suite) => minutes + suite.minutes, 0);
  if (sum <= limit) return undefined;
  const rows = table.map(({ name, minutes }) => `${name} ${minutes}`).join(', ');
  return `the budgets in hack/lib/test-budget.ts add up to ${sum} minutes, the limit is ${limit}: ${rows}`;
}
