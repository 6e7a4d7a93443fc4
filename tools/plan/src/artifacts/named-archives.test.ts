import { expect, test } from 'vitest';
import type { ArchiveSettings, Facts, ImageSettings, Plan, ReleaseSettings, Step } from '@slipway/model';
import { imageOf, releasedFacts } from '@slipway/testing';
import { planLocal } from '../flows/local.ts';

const archive = (more: Partial<ArchiveSettings> = {}): ArchiveSettings => ({
  ...{ name: '{name}_{number}_{os}_{arch}', per: 'platform', binaries: undefined, format: 'tar.gz', formats: {} },
  ...{ directory: '', files: ['LICENSE'], ...more },
});

function released(settings: Partial<ReleaseSettings>, files: Facts['shipping'] & object = releasedFacts().shipping!) {
  const facts = releasedFacts();
  const tree = { ...facts.tree, release: { ...facts.tree.release!, images: [], ...settings } };
  return planLocal(
    { goals: [{ target: 'package-tarballs' }], profile: 'release', variables: {} },
    { ...facts, tree, shipping: files },
  );
}

function stepsOf(settings: Partial<ReleaseSettings>): readonly Step[] {
  const result = released(settings) as { plan: Plan };
  return result.plan.steps;
}

const archivesOf = (settings: Partial<ReleaseSettings>): Record<string, string[]> =>
  Object.fromEntries(
    stepsOf(settings).flatMap((step) =>
      step.kind === 'archive'
        ? [[step.to.replace(/.*\//, ''), step.entries.flatMap((each) => ('directory' in each ? [] : [each.path]))]]
        : [],
    ),
  );

test('named archives replace all others, with one on each platform', () => {
  expect(archivesOf({ archives: [archive({ formats: { windows: 'zip' }, directory: '{name}_{os}' })] })).toEqual({
    'mono_1.2.3-1+0123456789abcd_linux_amd64.tar.gz': [
      ...['mono_linux/LICENSE', 'mono_linux/kube-apiserver', 'mono_linux/kubectl', 'mono_linux/kubelet'],
    ],
    'mono_1.2.3-1+0123456789abcd_linux_arm64.tar.gz': [
      ...['mono_linux/LICENSE', 'mono_linux/kube-apiserver', 'mono_linux/kubectl', 'mono_linux/kubelet'],
    ],
    'mono_1.2.3-1+0123456789abcd_windows_amd64.zip': [
      ...['mono_windows/LICENSE', 'mono_windows/kubectl.exe', 'mono_windows/kubelet.exe'],
    ],
    'mono_1.2.3-1+0123456789abcd_darwin_arm64.tar.gz': ['mono_darwin/LICENSE', 'mono_darwin/kubectl'],
  });
});

test('one archive for each command, and one for each set', () => {
  const perCommand = archive({ per: 'command', name: '{command}-{os}-{arch}', binaries: ['kubectl'], files: [] });
  const perSet = archive({ per: 'set', name: '{set}-{os}-{arch}', binaries: ['kubelet'], format: 'tar.zst' });
  expect(Object.keys(archivesOf({ archives: [perCommand, perSet] })).sort()).toEqual([
    ...['kubectl-darwin-arm64.tar.gz', 'kubectl-linux-amd64.tar.gz', 'kubectl-linux-arm64.tar.gz'],
    ...['kubectl-windows-amd64.tar.gz', 'node-linux-amd64.tar.zst', 'node-linux-arm64.tar.zst'],
    ...['node-windows-amd64.tar.zst', 'server-linux-amd64.tar.zst', 'server-linux-arm64.tar.zst'],
  ]);
});

test('two archives with the same name are an error that lists the placeholders', () => {
  expect(released({ archives: [archive({ name: '{name}-{os}' })] })).toMatchObject({
    failures: [{ code: 'BAD_CONFIG', fact: expect.stringContaining('several archives called mono-linux.tar.gz') }],
  });
});

test('the checksums of archives are in the file of that name, which is part of the set', () => {
  const steps = stepsOf({ archives: [archive()], checksums: '{name}_{number}_checksums.txt' });
  const sums = steps.flatMap((step) => (step.kind === 'checksum' ? [step] : []));
  const own = sums.find(({ to }) => to.endsWith('/mono_1.2.3-1+0123456789abcd_checksums.txt'))!;
  expect(own.files.every((file) => /_(linux|darwin|windows)_/.test(file))).toBe(true);
  expect(sums.find(({ to }) => to.endsWith('release-tars/SHA256SUMS'))!.files).toContain(own.to);
});

test('an image has the configured content and start command', () => {
  const image: ImageSettings = {
    ...imageOf('control'),
    ...{ binaries: ['kube-apiserver', 'kubectl'], files: { '/etc/mono': 'manifests' } },
    ...{ entrypoint: ['/usr/local/bin/kubectl', 'proxy'], user: '0', labels: { flavor: 'small' } },
  };
  const images = stepsOf({ images: [image] }).flatMap((step) => (step.kind === 'image' ? [step] : []));
  expect(images.map(({ platform, names }) => [platform, names[0]!.replace(/:.*/, '')])).toEqual([
    ['linux/amd64', 'registry.example/control-amd64'],
    ['linux/arm64', 'registry.example/control-arm64'],
  ]);
  expect(images[0]!.layers.flat().map(({ path }) => path)).toEqual([
    ...['etc', 'etc/mono', 'etc/mono/a.yaml', 'etc/mono/start.sh', 'usr', 'usr/local', 'usr/local/bin'],
    ...['usr/local/bin/kube-apiserver', 'usr/local/bin/kubectl'],
  ]);
  expect(images[0]!.config).toMatchObject({
    ...{ user: '0', entrypoint: ['/usr/local/bin/kubectl', 'proxy'] },
    labels: { flavor: 'small', 'org.opencontainers.image.title': 'control' },
  });
});
