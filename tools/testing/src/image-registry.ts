import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { answers, freePort } from './cache-servers.ts';
import { usualSocket } from './engine-rig.ts';

/** A registry of images on this machine: the distribution's `docker-registry`. */
export class ImageRegistry implements AsyncDisposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'slipway-registry-'));
  readonly #server: ChildProcess;
  /** As a registry is named in references. */
  readonly name: string;

  private constructor(port: number) {
    this.name = `127.0.0.1:${port}`;
    const config = join(this.#directory, 'config.yml');
    const settings = {
      version: 0.1,
      storage: { filesystem: { rootdirectory: join(this.#directory, 'images') } },
      http: { addr: this.name },
    };
    // JSON is YAML.
    writeFileSync(config, JSON.stringify(settings));
    this.#server = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  }

  static async start(): Promise<ImageRegistry> {
    const port = await freePort();
    const registry = new ImageRegistry(port);
    for (let tries = 0; !(await answers(port)); tries++) {
      if (tries > 600) throw new Error('docker-registry did not start');
      await sleep(50);
    }
    return registry;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    this.#server.kill('SIGKILL');
    await ended;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Has the engine send an image to the registry in its name. */
export async function pushImage(repository: string, tag: string): Promise<void> {
  const said = await new Promise<string>((resolve, reject) => {
    const path = `/images/${repository}/push?tag=${tag}`;
    // Nobody: the engine asks for this header, and the registry for nothing.
    const headers = { 'X-Registry-Auth': Buffer.from('{}').toString('base64') };
    const asked = request({ socketPath: usualSocket, method: 'POST', path, headers }, (answer) => {
      text(answer).then(resolve, reject);
    });
    asked.on('error', reject);
    asked.end();
  });
  if (/"error"/.test(said)) throw new Error(said);
}
