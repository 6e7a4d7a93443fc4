import { expect, test } from 'vitest';
import { availableMemory, cgroupRooms, hostPlatform, memAvailable, readMachine } from './machine.ts';

test('memAvailable', () => {
  expect(memAvailable('MemTotal:       8000000 kB\nMemAvailable:    1000 kB\n')).toBe(1_024_000);
  expect(memAvailable('MemTotal: 1 kB\n')).toBeUndefined();
});

test.each<[string, string, Record<string, string>, number[]]>([
  [
    'version 2, the group and the one above it',
    '0::/a/b\n',
    {
      '/sys/fs/cgroup/a/memory.max': '1000\n',
      '/sys/fs/cgroup/a/memory.current': '400\n',
      '/sys/fs/cgroup/a/memory.stat': 'anon 1\ninactive_file 50\n',
      '/sys/fs/cgroup/a/b/memory.max': 'max\n',
      '/sys/fs/cgroup/a/b/memory.current': '100\n',
    },
    [650],
  ],
  [
    'version 1',
    '5:cpu,cpuacct:/x\n4:memory:/x\n',
    {
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '5\n',
      '/sys/fs/cgroup/memory/x/memory.limit_in_bytes': '2000\n',
      '/sys/fs/cgroup/memory/x/memory.usage_in_bytes': '500\n',
    },
    [1500],
  ],
  [
    'in a container, whose path is not there',
    '0::/../x\n',
    { '/sys/fs/cgroup/memory.max': '10\n', '/sys/fs/cgroup/memory.current': '4\n' },
    [6],
  ],
  ['none', '', {}, []],
])('cgroupRooms: %s', (_what, self, files, expected) => {
  expect(cgroupRooms(self, (path) => files[path])).toEqual(expected);
});

test('this machine', () => {
  expect(availableMemory()).toBeGreaterThan(0);
  expect(hostPlatform()).toMatch(/^[a-z]+\/[a-z0-9]+$/);
  expect(readMachine().cores).toBeGreaterThan(0);
});
