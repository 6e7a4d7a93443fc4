import type { Readable } from 'node:stream';
import { FailureError, limits } from '@slipway/model';

/**
 * GOCACHEPROG as `go doc cmd/go/internal/cacheprog` describes it: one JSON object on each line in both directions. The
 * body of a put follows as a line with a JSON string in base64. Answers may come in any order.
 */

/** Go's entry for an action. Identifiers are in hex. */
export interface GoEntry {
  readonly outputId: string;
  /** Path of its content, valid at least until the end. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface GoCache {
  /** Undefined: a miss. */
  get(actionId: string): Promise<GoEntry | undefined>;
  put(actionId: string, outputId: string, body: Buffer): Promise<GoEntry>;
  close(): Promise<void>;
}

interface Request {
  readonly ID: number;
  readonly Command: 'get' | 'put' | 'close';
  readonly ActionID?: string;
  readonly OutputID?: string;
  readonly BodySize?: number;
}

/** Serves one go command until it closes or ends. */
export async function serveGo(cache: GoCache, input: Readable, write: (line: string) => void): Promise<void> {
  const say = (answer: object): void => write(`${JSON.stringify(answer)}\n`);
  const hex = (text = ''): string => Buffer.from(text, 'base64').toString('hex');
  const base64 = (text: string): string => Buffer.from(text, 'hex').toString('base64');
  const answered = (ID: number, entry: GoEntry | undefined): void =>
    say(
      entry === undefined
        ? { ID, Miss: true }
        : {
            ID,
            OutputID: base64(entry.outputId),
            Size: entry.size,
            Time: new Date(entry.time).toISOString(),
            DiskPath: entry.path,
          },
    );
  const put = (request: Request, body: Buffer): void => {
    cache.put(hex(request.ActionID), hex(request.OutputID), body).then(
      (entry) => answered(request.ID, entry),
      (error: unknown) => say({ ID: request.ID, Err: error instanceof Error ? error.message : String(error) }),
    );
  };
  say({ ID: 0, KnownCommands: ['get', 'put', 'close'] });
  let waiting: Request | undefined;
  for await (const line of linesOf(input)) {
    if (line === '') continue;
    if (waiting !== undefined) {
      put(waiting, bodyOf(line, waiting));
      waiting = undefined;
      continue;
    }
    const request = requestOf(line);
    if (request.Command === 'put' && (request.BodySize ?? 0) > 0) waiting = request;
    else if (request.Command === 'put') put(request, Buffer.alloc(0));
    else if (request.Command === 'close') {
      await cache.close();
      say({ ID: request.ID });
      return;
    } else
      cache.get(hex(request.ActionID)).then(
        (entry) => answered(request.ID, entry),
        () => answered(request.ID, undefined),
      );
  }
  await cache.close();
}

/** An invalid line ends the conversation with an error, so that no endless line fills the memory. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  const most = Math.ceil(limits.goCache.body / 3) * 4 + 1024;
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of input) {
    for (let rest = Buffer.from(piece as Buffer | string); ;) {
      const end = rest.indexOf(0x0a);
      pieces.push(rest.subarray(0, end === -1 ? undefined : end));
      size += pieces.at(-1)!.length;
      if (size > most) throw noRequest(`a line of more than ${most} bytes`);
      if (end === -1) break;
      yield Buffer.concat(pieces).toString().trimEnd();
      [pieces, size] = [[], 0];
      rest = rest.subarray(end + 1);
    }
  }
  if (size > 0) yield Buffer.concat(pieces).toString().trimEnd();
}

function requestOf(line: string): Request {
  const request = parse(line);
  if (typeof request !== 'object' || request === null) throw noRequest(line.slice(0, 40));
  return request as Request;
}

function bodyOf(line: string, { BodySize = 0 }: Request): Buffer {
  const text = parse(line);
  const body = Buffer.from(typeof text === 'string' ? text : '', 'base64');
  if (body.length !== BodySize) throw noRequest(`a body of ${body.length} bytes, of which ${BodySize} were said`);
  return body;
}

const noRequest = (what: string): FailureError =>
  new FailureError({
    code: 'BAD_USAGE',
    fact: `gocacheprog expects requests of Go in JSON; this is not one: ${what}`,
    hint: 'GOCACHEPROG="slipway gocacheprog" go build ./...',
  });

/** An incomplete line of a killed go command, or typed text, is not a bug of slipway. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw noRequest(line.slice(0, 40));
  }
}
