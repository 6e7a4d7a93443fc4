import { resolve } from 'node:path';
import { type OpenRelease, releasesInDirectory, releasesOnSite } from '@slipway/adapters';
import { publishSet, verifyPublished } from '@slipway/inspect';
import { FailureError, counted } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';
import { isWrong, verified } from './release-verify.ts';

const TAG = /^[A-Za-z0-9][\w.+-]{0,127}$/;

/**
 * Checks a set and publishes it: to a directory, or to a repository's releases. A second run continues an interrupted
 * one.
 */
export async function releasePublish({ args, services }: Asking): Promise<Answer> {
  const [given, to, tag, more] = args;
  if (given === undefined || to === undefined || tag === undefined || more !== undefined || !TAG.test(tag))
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release publish needs the directory of a set, a directory or the API of a repository, and a tag',
      hint: 'slipway release publish _output/release-tars https://api.github.com/repos/OWNER/NAME v1.2.3',
    });
  const { cwd, signal, environment, files } = services;
  const set = resolve(cwd, given);
  const findings = await verifyPublished(set, { signal });
  if (findings.some(isWrong)) return verified(set, findings);
  const isSite = /^https?:\/\//.test(to);
  const place = isSite ? to : resolve(cwd, to);
  const token = environment['SLIPWAY_RELEASE_TOKEN'];
  const open: OpenRelease = isSite
    ? releasesOnSite({ address: addressOf(to, token), token, signal })
    : releasesInDirectory(place, files);
  const published = await publishSet({ set, tag, place, open, signal });
  const sent = published.filter(({ is }) => is === 'sent').length;
  const lines = published.map(({ name, is }) => `${is.padEnd(7)} ${name}`);
  return answer([...lines, `${tag} is published in ${place}: ${counted(published.length, 'file')}, ${sent} sent now`], {
    ...{ tag, place, files: published },
  });
}

/** A token is sent only over TLS, or to this machine. */
function addressOf(to: string, token: string | undefined): URL {
  const url = new URL(to);
  if (url.protocol === 'http:' && token !== undefined && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    throw new FailureError({
      code: 'NOT_PUBLISHED',
      place: to,
      fact: 'SLIPWAY_RELEASE_TOKEN would be sent without TLS',
      hint: 'name it with https://',
    });
  return url;
}
