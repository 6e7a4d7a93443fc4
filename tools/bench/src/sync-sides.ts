import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Event } from '@slipway/model';

const main = resolve(import.meta.dirname, '../../cli/src/main.ts');
const LABEL = 'slipway.bench';
const PORT = 8730;

/** The three ways, each with its own target. */
export class SyncSides {
  readonly #tree: string;
  readonly #image: string;

  constructor(tree: string) {
    this.#tree = tree;
    this.#slipway('make-build-image');
    this.#image = /kube-build:build-[^\s/]+/.exec(this.#slipway('-n', 'make-build-image'))![0];
  }

  /** An idle container with rsync's daemon, configured as in Kubernetes' scripts. */
  container(count: number): string {
    const name = `slipway-bench-${process.pid}-${count}`;
    const configuration = `use chroot = no\nuid = 0\ngid = 0\n[k8s]\npath = /sync/rsync\nread only = no\n`;
    const script = `mkdir -p /sync/tar /sync/rsync; printf '${configuration}' > /tmp/c; exec rsync --daemon --no-detach --port=${PORT} --config=/tmp/c`;
    const rest = ['--volume', '/sync', '--publish', `127.0.0.1::${PORT}`, '--user', '0:0', '--entrypoint', 'bash'];
    this.#docker('run', '--detach', '--label', LABEL, '--name', name, ...rest, this.#image, '-c', script);
    return name;
  }

  port(container: string): number {
    return Number(this.#docker('port', container, String(PORT)).trim().split(':').at(-1));
  }

  tar(container: string): number {
    const [pack, unpack] = [
      `tar --create --exclude=./.git --exclude=./_output --directory=${this.#tree} .`,
      `docker exec --interactive ${container} tar --extract --no-same-owner --directory=/sync/tar`,
    ];
    return seconds(() => execFileSync('bash', ['-c', `set -o pipefail; ${pack} | ${unpack}`]));
  }

  rsync(port: number): number {
    const options = ['--archive', '--delete', '--exclude=/.git', '--exclude=/_output'];
    return seconds(() => execFileSync('rsync', [...options, `${this.#tree}/`, `rsync://127.0.0.1:${port}/k8s/`]));
  }

  /** Each branch has its own volume. */
  slipway(count: number): { sync: number; whole: number } {
    execFileSync('git', ['-C', this.#tree, 'checkout', '--quiet', '-b', `round-${count}`]);
    this.#slipway('make-build-image');
    return this.slipwayAgain();
  }

  slipwayAgain(): { sync: number; whole: number } {
    let printed = '';
    const whole = seconds(() => (printed = this.#slipway('--json', 'run', '--', 'true')));
    const events = printed.trim().split('\n');
    const ended = events
      .map((line) => JSON.parse(line) as Event)
      .find((event) => event.kind === 'step-finished' && event.step.kind === 'sync');
    return { sync: ended?.kind === 'step-finished' ? ended.milliseconds / 1000 : Number.NaN, whole };
  }

  remove(): void {
    const containers = this.#docker('ps', '--all', '--quiet', `--filter=label=${LABEL}`).split('\n').filter(Boolean);
    if (containers.length > 0) this.#docker('rm', '--force', '--volumes', ...containers);
    this.#slipway('make-clean');
  }

  #docker(...args: readonly string[]): string {
    return execFileSync('docker', args, { encoding: 'utf8' });
  }

  #slipway(...args: readonly string[]): string {
    const options = { cwd: this.#tree, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
    return execFileSync(process.execPath, [main, ...args], options);
  }
}

function seconds(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}
