import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** Faults of a network between a build and its cache. Bytes are those the server sends, all connections together. */
export type Misbehaviour =
  | { readonly is: 'right' }
  /** Takes connections and never answers. */
  | { readonly is: 'silent' }
  | { readonly is: 'refusing' }
  /** Cuts every connection after so many bytes. */
  | { readonly is: 'cutting'; readonly after: number }
  /** Cuts a connection with that chance each time something comes. */
  | { readonly is: 'failing'; readonly chance: number; readonly random: () => number }
  /** Flips a bit in every piece of more than so many bytes. */
  | { readonly is: 'flipping'; readonly above: number }
  | { readonly is: 'slow'; readonly bytesPerSecond: number }
  | { readonly is: 'late'; readonly milliseconds: number };

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  behave(how: Misbehaviour): void;
}

/** Stands before a real server. */
export async function misbehavingProxy(port: number): Promise<Proxy> {
  let how: Misbehaviour = { is: 'right' };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (how.is === 'refusing') return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (sockets.delete(socket), near.destroy(), far.destroy()));
    }
    near.on('data', (data) => void far.write(data));
    let passed = 0;
    let due = Promise.resolve();
    far.on('data', (data) => {
      passed += data.length;
      const now = how;
      if (now.is === 'silent') return;
      if (now.is === 'cutting' && passed > now.after) return void near.destroy();
      if (now.is === 'failing' && now.random() < now.chance) return void near.destroy();
      if (now.is === 'flipping' && data.length > now.above) data[data.length >> 1]! ^= 1;
      const milliseconds =
        now.is === 'slow' ? (data.length / now.bytesPerSecond) * 1000 : now.is === 'late' ? now.milliseconds : 0;
      if (milliseconds === 0) return void near.write(data);
      due = due.then(() => new Promise((done) => setTimeout(done, milliseconds))).then(() => void near.write(data));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave(next) {
      how = next;
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
