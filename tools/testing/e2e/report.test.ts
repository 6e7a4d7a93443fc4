import { existsSync, readFileSync } from 'node:fs';
import type { Event, EventOf } from '@slipway/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, see, sizeOfPng } from '../src/chromium.ts';
import { expectDone } from '../src/expect-failure.ts';
import { type Repo, repo } from '../src/repo-rig.ts';

const PAGE = '_output/local/report.html';

const eventsOf = (stdout: string): Event[] =>
  stdout.split('\n').flatMap((line) => (line.startsWith('{"kind"') ? [JSON.parse(line) as Event] : []));

/** A page, as a program reads it and as a reader sees it. */
const embedded = (page: string): Event[] =>
  JSON.parse(/<script type="application\/json" id="events">(.*?)<\/script>/s.exec(page)![1]!) as Event[];
const section = (dom: string, id: string): string => dom.split(`<section id="${id}">`)[1]!.split('</section>')[0]!;
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);
const text = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&lt;/g, '<')
    .replaceAll(/&gt;/g, '>')
    .replaceAll(/&amp;/g, '&')
    .replaceAll(/&nbsp;/g, ' ');

describe('--report', () => {
  let tree: Repo;
  let events: Event[];
  beforeAll(async () => {
    tree = repo('workspace');
    expectDone(await tree.slipway(['all']));
    const source = tree
      .git('ls-files', '*.go')
      .split('\n')
      .find((file) => !file.endsWith('_test.go') && !/^package main$/m.test(tree.read(file)))!;
    tree.write({ [source]: `${tree.read(source)}\n// <b>changed</b> & more ${Date.now()}\n` });
    const ended = await tree.slipway(['all', '--report', '--json']);
    expectDone(ended);
    events = eventsOf(ended.stdout);
  });
  afterAll(() => tree[Symbol.asyncDispose]());

  test('has the events of the run, loads nothing, and runs no script', () => {
    const page = tree.read(PAGE);
    expect(embedded(page)).toEqual(events);
    expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
    expect(page).not.toMatch(/<script(?! type="application\/json")/);
    expect(page).not.toContain('<b>changed');
  });

  test('in a browser it shows what the events say, without an error, at two widths', ({ skip }) => {
    const program = chromium();
    if (typeof program !== 'string') return skip(program.why);
    const { dom, errors, picture } = see(program, tree.path(PAGE), 1400);
    expect(errors).toEqual([]);
    const finished = events.filter((event) => event.kind === 'step-finished');
    const ids = all(section(dom, 'timeline'), /data-step="([^"]*)"/g);
    expect(ids.toSorted()).toEqual(finished.map(({ step }) => step.id as string).toSorted());
    const told = all(section(dom, 'statuses'), /<tr data-step="[^"]*">(.*?)<\/tr>/gs).map((row) =>
      text(row).replaceAll(/\s+/g, ' '),
    );
    const expected = finished.flatMap(
      ({ step, outcome }): readonly { name: string; is: string; why: string }[] =>
        outcome.parts ?? [{ ...outcome, name: step.title }],
    );
    for (const { name, is, why } of expected)
      expect(told.filter((row) => row.includes(is) && row.includes(name) && row.includes(why))).not.toEqual([]);
    const worked = events.flatMap((event) => (event.kind === 'go-worked' ? event.spans : []));
    expect(worked.map(({ is }) => is)).toContain('compile');
    const longest = worked.filter(({ is }) => is === 'compile').toSorted((a, b) => b.to - b.from - (a.to - a.from))[0]!;
    for (const { name } of [longest, ...worked.filter(({ is }) => is === 'link')])
      expect(text(section(dom, 'go'))).toContain(name);
    const affected = events.find((event): event is EventOf<'affected'> => event.kind === 'affected')!;
    expect(affected.chains.length).toBeGreaterThan(0);
    const drawn = section(dom, 'affected');
    for (const { file, command, imports } of affected.chains)
      for (const each of [file, command, ...imports])
        expect(text(drawn.replaceAll(/<title>(.*?)<\/title>/g, '$1'))).toContain(each);
    expect(sizeOfPng(picture).width).toBe(1400);
    const narrow = see(program, tree.path(PAGE), 390);
    expect(narrow.errors).toEqual([]);
    expect(readFileSync(narrow.picture).length).toBeGreaterThan(10_000);
  });

  test('exists for a failed run, too, with the output; -n writes none', async () => {
    await using broken = repo('plain');
    broken.write({ 'cmd/b/b.go': 'package main\n\nfunc main() { <broken> }\n' });
    const ended = await broken.slipway(['all', '--report']);
    expect(ended.exit).toBe(1);
    const page = broken.read(PAGE);
    expect(page).toContain('data-number="status"><b>failed</b>');
    expect(page).toContain('class="status failed"');
    expect(section(page, 'errors')).toContain('syntax error');
    expect(page.indexOf('id="errors"')).toBeLessThan(page.indexOf('id="timeline"'));
    expect(section(page, 'affected')).not.toContain('No file that a command is made of changed');
    await using planned = repo('plain');
    expectDone(await planned.slipway(['-n', 'all', '--report']));
    expect(existsSync(planned.path(PAGE))).toBe(false);
  });
});
