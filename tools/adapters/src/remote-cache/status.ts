import * as grpc from '@grpc/grpc-js';

/** How a call, or an action, ended, as gRPC counts it. */
export const { status } = grpc;
export type Status = grpc.status;
