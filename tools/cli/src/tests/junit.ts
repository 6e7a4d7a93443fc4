import { type PackageResult, type TestResult } from '@slipway/model';
import { formatFailedPackage } from '@slipway/run';
import { lineOf } from './failure-lines.ts';
import type { TestedPackage } from './test-run.ts';
import { xmlAttributes, xmlText } from './xml.ts';

/** Maximum characters of one text; Kubernetes' prune-junit-xml clips there, too. */
const MOST = 1_000_000;

export interface JUnitRun {
  /** ISO 8601. */
  readonly timestamp: string;
  /** `go1.21.7 linux/amd64`. */
  readonly go: string;
}

/** All packages in gotestsum's format, which Kubernetes' jobs read. Failures also have their place. */
export function formatJUnit(tested: readonly TestedPackage[], run: JUnitRun): string {
  const suites = tested.map((each) => ({ tested: each, cases: casesOf(each.result) }));
  const all = suites.flatMap(({ cases }) => cases);
  const time = sum(tested.map(({ result }) => result.seconds));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${xmlAttributes({ tests: all.length, failures: failures(all), errors: 0, time: seconds(time) })}>`,
    ...suites.flatMap(({ tested: each, cases }) => suite(each, cases, run)),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case extends TestResult {
  readonly message: string;
}

/** A package that fails without a failed test (it does not compile, or exits early) gets a case of its own. */
function casesOf(result: PackageResult): Case[] {
  const cases = result.tests.map((test) => ({ ...test, message: 'Failed' }));
  if (result.is !== 'fail' || result.tests.some(({ is }) => is === 'fail')) return cases;
  const output = formatFailedPackage(result);
  return [...cases, { name: 'TestMain', is: 'fail', seconds: 0, output, message: 'Failed' }];
}

const failures = (cases: readonly Case[]): number => cases.filter(({ is }) => is === 'fail').length;

/** A failure in quarantine does not count. Its reason stands before its output. */
const isSkipped = ({ is }: Case): boolean => is === 'skip' || is === 'quarantined';

function suite({ result, dir, is }: TestedPackage, cases: readonly Case[], { timestamp, go }: JUnitRun): string[] {
  const head = {
    tests: cases.length,
    failures: failures(cases),
    skipped: cases.filter((each) => isSkipped(each)).length,
    time: seconds(result.seconds),
    name: result.importPath,
    timestamp,
  };
  const properties = { 'go.version': go, slipway: is };
  return [
    `\t<testsuite ${xmlAttributes(head)}>`,
    '\t\t<properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `\t\t\t<property ${xmlAttributes({ name, value })}></property>`,
    ),
    '\t\t</properties>',
    ...cases.flatMap((each) => testCase(each, result.importPath, dir)),
    '\t</testsuite>',
  ];
}

function testCase(test: Case, classname: string, dir: string): string[] {
  const place = test.is === 'fail' ? lineOf(test, dir) : undefined;
  const head = xmlAttributes({
    ...{ classname, name: test.name, time: seconds(test.seconds) },
    ...(place === undefined ? {} : { file: place.file, line: place.line }),
  });
  const { is } = test;
  if (is === 'pass') return [`\t\t<testcase ${head}></testcase>`];
  // A flaky test is not a failure. The element's name is that of Maven's surefire, which Jenkins and GitLab know.
  const word = is === 'flaky' ? 'flakyFailure' : 'failure';
  const inner = isSkipped(test)
    ? `<skipped ${xmlAttributes({ message: clipped(test.output) })}></skipped>`
    : `<${word} ${xmlAttributes({ message: test.message, type: '' })}>${xmlText(clipped(test.output))}</${word}>`;
  return [`\t\t<testcase ${head}>`, `\t\t\t${inner}`, '\t\t</testcase>'];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const seconds = (number: number): string => number.toFixed(6);

const clipped = (text: string): string =>
  text.length <= MOST ? text : `${text.slice(0, MOST / 2)}[...clipped...]${text.slice(-MOST / 2)}`;
