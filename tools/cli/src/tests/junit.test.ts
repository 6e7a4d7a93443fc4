import { expect, test } from 'vitest';
import type { PackageResult } from '@slipway/model';
import { formatJUnit } from './junit.ts';
import type { TestedPackage } from './test-run.ts';

const tested = (result: Partial<PackageResult>, is: TestedPackage['is'] = 'ran'): TestedPackage => ({
  kind: 'package-tested',
  ...{ is, dir: 'pkg/a', moduleDir: '.', at: 0 },
  result: { importPath: 'm/pkg/a', is: 'pass', seconds: 0.5, tests: [], output: '', ...result },
});
const run = { timestamp: '2026-11-29T01:00:00.000Z', go: 'go1.21.7 linux/amd64' };

test("each package is a suite and each test a case, in gotestsum's format", () => {
  const xml = formatJUnit(
    [
      tested({
        is: 'fail',
        tests: [
          { name: 'TestA', is: 'pass', seconds: 0.25, output: '' },
          { name: 'TestB', is: 'skip', seconds: 0, output: '    a_test.go:3: not "here"\n' },
          { name: 'TestC', is: 'fail', seconds: 0, output: '    a_test.go:9: 1 < 2 & more\n' },
        ],
      }),
    ],
    run,
  );
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" time="0.500000">
	<testsuite tests="3" failures="1" skipped="1" time="0.500000" name="m/pkg/a" timestamp="2026-11-29T01:00:00.000Z">
		<properties>
			<property name="go.version" value="go1.21.7 linux/amd64"></property>
			<property name="slipway" value="ran"></property>
		</properties>
		<testcase classname="m/pkg/a" name="TestA" time="0.250000"></testcase>
		<testcase classname="m/pkg/a" name="TestB" time="0.000000">
			<skipped message="    a_test.go:3: not &#34;here&#34;&#xA;"></skipped>
		</testcase>
		<testcase classname="m/pkg/a" name="TestC" time="0.000000" file="pkg/a/a_test.go" line="9">
			<failure message="Failed" type="">    a_test.go:9: 1 &lt; 2 &amp; more
</failure>
		</testcase>
	</testsuite>
</testsuites>
`);
});

test('a package that does not compile is a failed case', () => {
  const xml = formatJUnit([tested({ is: 'fail', output: 'a_test.go:3: undefined: x\n' })], run);
  expect(xml).toContain('<testsuites tests="1" failures="1"');
  expect(xml).toContain('name="TestMain"');
  expect(xml).toContain('a_test.go:3: undefined: x');
});

test('a known package is reported like one that ran, and characters that XML forbids are replaced', () => {
  const tests = [{ name: 'TestA\u0000', is: 'skip', seconds: 0, output: '\u001b[31mred\ud800' }] as const;
  const xml = formatJUnit([tested({ tests }, 'restored')], run);
  expect(xml).toContain('<property name="slipway" value="restored">');
  expect(xml).toContain('name="TestA\ufffd"');
  expect(xml).toContain('message="\ufffd[31mred\ufffd"');
});

test('a long text is clipped in the middle', () => {
  const output = 'x'.repeat(3_000_000);
  const xml = formatJUnit([tested({ is: 'fail', tests: [{ name: 'TestA', is: 'fail', seconds: 0, output }] })], run);
  expect(xml.length).toBeLessThan(1_100_000);
  expect(xml).toContain('x[...clipped...]x');
});

test('a flaky test is not a failure, and has the output of its failure', () => {
  const tests = [{ name: 'TestA', is: 'flaky', seconds: 0, output: '    a_test.go:3: no\n' }] as const;
  const xml = formatJUnit([tested({ is: 'flaky', tests })], run);
  expect(xml).toContain('<testsuites tests="1" failures="0"');
  expect(xml).toContain('<flakyFailure message="Failed" type="">    a_test.go:3: no\n</flakyFailure>');
});

test('a test in quarantine is skipped, with the reason before its output', () => {
  const output = 'quarantined until 2026-12-31: slow\n--- FAIL: TestQ\n';
  const xml = formatJUnit(
    [tested({ is: 'quarantined', tests: [{ name: 'TestQ', is: 'quarantined', seconds: 0, output }] })],
    run,
  );
  expect(xml).toContain('failures="0" skipped="1"');
  expect(xml).toContain('<skipped message="quarantined until 2026-12-31: slow&#xA;--- FAIL: TestQ&#xA;"></skipped>');
});
