/** Archives byte by byte, as nobody should write them: what tests give to readers. */
export interface RawMember {
  readonly path: string | Buffer;
  readonly type?: string;
  readonly target?: string;
  readonly body?: string | Buffer;
  /** The field as it stands; the size of the body when absent. */
  readonly size?: string | Buffer;
}

export const endOfArchive = Buffer.alloc(1024);

export const archive = (...members: readonly (RawMember | Buffer)[]): Buffer =>
  Buffer.concat([...members.map((each) => (Buffer.isBuffer(each) ? each : member(each))), endOfArchive]);

export function member({ path, type = '0', target = '', body = '', size }: RawMember): Buffer {
  const content = Buffer.from(body);
  const block = Buffer.alloc(512);
  const put = (value: string | Buffer, at: number): void => void Buffer.from(value).copy(block, at);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  put(Buffer.from(path).subarray(0, 100), 0);
  put(octal(0o644, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(size ?? octal(content.length, 12), 124);
  put(octal(0, 12), 136);
  put(type, 156);
  put(target, 157);
  put('ustar\x0000', 257);
  block.fill(' ', 148, 156);
  put(
    octal(
      block.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** Records whose lengths are right. */
export function extended(records: Readonly<Record<string, string>>): RawMember {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(rest) + 1;
    while (String(length).length + Buffer.byteLength(rest) !== length)
      length = String(length).length + Buffer.byteLength(rest);
    return `${length}${rest}`;
  });
  return { path: 'PaxHeader', type: 'x', body: lines.join('') };
}

export const longName = (name: string): RawMember => ({ path: '././@LongLink', type: 'L', body: name });

export const link = (path: string, target: string): RawMember => ({ path, type: '2', target });
export const hardLink = (path: string, target: string): RawMember => ({ path, type: '1', target });
export const fileMember = (path: string, body = 'x'): RawMember => ({ path, body });
