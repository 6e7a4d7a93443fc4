import {
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  create,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { type Any, type Timestamp, anyUnpack } from '@bufbuild/protobuf/wkt';

export type { Timestamp };

export * from './bytestream_pb.ts';
export * from './operations_pb.ts';
export * from './remote_execution_pb.ts';
export * from './status_pb.ts';

/** The fields of a message. A missing field has proto3's default. */
export type Init<M extends DescMessage> = MessageInitShape<M>;

/** A call with one request and one answer, as its service describes it. */
export type Unary<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> = DescMethodUnary<I, O>;

export type Answer<C extends Unary> = MessageShape<C['output']>;

/** A call with one request and any number of answers. */
export type Streaming<
  I extends DescMessage = DescMessage,
  O extends DescMessage = DescMessage,
> = DescMethodServerStreaming<I, O>;

export type Streamed<C extends Streaming> = MessageShape<C['output']>;

/** The path of a call in gRPC. */
export const pathOf = ({ parent, name }: { readonly parent: { readonly typeName: string }; readonly name: string }) =>
  `/${parent.typeName}/${name}`;

export const encode =
  <M extends DescMessage>(message: M) =>
  (value: Init<M>): Buffer => {
    const { buffer, byteOffset, byteLength } = toBinary(message, create(message, value));
    return Buffer.from(buffer, byteOffset, byteLength);
  };

/** Throws the library's error for bytes that are not such a message. */
export const decode =
  <M extends DescMessage>(message: M) =>
  (bytes: Buffer): MessageShape<M> =>
    fromBinary(message, bytes);

/** The content of an `Any` if it is such a message. A server may put any bytes under its name. */
export function unpack<M extends DescMessage>(message: M, any: Any | undefined): MessageShape<M> | undefined {
  try {
    return any === undefined ? undefined : anyUnpack(any, message);
  } catch {
    return undefined;
  }
}
