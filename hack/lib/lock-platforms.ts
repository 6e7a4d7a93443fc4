export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/**
 * `npm install` leaves out packages that its registry lacks, such as a mirror's missing builds of a tool for other
 * platforms. `npm ci` then refuses the lock file everywhere, because it does not match the manifests. So this adds them
 * by version and platform. They carry no integrity until someone installs on that platform.
 */
export function withAllPlatforms(packages: LockedPackages): LockedPackages {
  const missing = Object.entries(packages).flatMap(([parent, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !(`node_modules/${name}` in packages) && !(`${parent}/node_modules/${name}` in packages))
      .flatMap(([name, version]) => {
        const platform = platformOf(name);
        return platform === undefined
          ? []
          : [[`node_modules/${name}`, { version, ...platform, ...(dev ? { dev } : {}), optional: true }] as const];
      }),
  );
  if (missing.length === 0) return packages;
  const all = { ...packages, ...Object.fromEntries(missing) };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => a.localeCompare(b, 'en')));
}

/** `@nx/nx-linux-x64-musl`, `@oxlint/binding-linux-arm-gnueabihf`; undefined when the name says no platform. */
export function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const found =
    /-(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(\w+))?$/.exec(name);
  if (found === null) return undefined;
  const [, os = '', cpu = '', abi = ''] = found;
  const libc = os !== 'linux' || abi === '' ? undefined : abi.startsWith('musl') ? 'musl' : 'glibc';
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/** Packages of a platform that npm skips on our test machines; all others must have an integrity. */
export const isOtherPlatform = ({ optional, os, cpu, libc }: LockedPackage): boolean =>
  optional === true &&
  os !== undefined &&
  !(os.includes('linux') && cpu?.includes('x64') === true && libc?.includes('musl') !== true);
