import * as grpc from '@grpc/grpc-js';

/** The gRPC codes for the end of a call, or of an action. */
export const { status } = grpc;
export type Status = grpc.status;
