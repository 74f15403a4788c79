import * as grpc from '@grpc/grpc-js';
import { ColloquyError } from '../../errors.js';
import { BODY_MEMORY } from './body-memory.js';
import { type AdmitCall, CallGate, type CallStatus } from './grpc-gate.js';
import { grpcCredentials, type GrpcCertificate } from './grpc-credentials.js';
import { encodeResponse, grpcCodeOf } from './encode-response.js';
import type { Admission } from '../../admission.js';
import {
  DEFAULT_PROJECT_ID,
  receiveExport,
  type ReceiverOptions,
  toColloquyError,
} from './receive-export.js';
import { type Signal, SIGNAL_NAMES, SIGNALS } from './signals.js';

export interface GrpcReceiverOptions extends ReceiverOptions {
  /** Port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Bytes of one message, after decompression; a larger one is RESOURCE_EXHAUSTED. */
  readonly maxMessageBytes: number;
  /** No TLS where this is left out. */
  readonly tls?: GrpcCertificate | undefined;
  /** Lets calls in; project `default` without limits where this is left out. */
  readonly admit?: AdmitCall;
  /** From the metadata of a call to the end of its message; a slower one is DEADLINE_EXCEEDED. */
  readonly messageTimeoutMs?: number;
}

export interface GrpcReceiver {
  readonly port: number;
  /** Takes no more calls, lets running ones end and resolves; cuts them off after 5 s. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 5_000;
const MESSAGE_TIMEOUT_MS = 60_000;

/** Clients open a connection again by themselves when they next have something to send. */
const IDLE_MS = 300_000;

type ExportCall = grpc.ServerUnaryCall<Buffer, Buffer>;

/**
 * Starts the OTLP/gRPC receiver.
 * @throws ColloquyError `STARTUP_FAILED` when it cannot listen there
 * @see https://opentelemetry.io/docs/specs/otlp/#otlpgrpc (protocol 1.11.0)
 */
export async function startGrpcReceiver(options: GrpcReceiverOptions): Promise<GrpcReceiver> {
  // It would write to stderr what we already throw or answer.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  const gate = new CallGate({
    admit: options.admit ?? (async () => ({ projectId: DEFAULT_PROJECT_ID })),
    messageTimeoutMs: options.messageTimeoutMs ?? MESSAGE_TIMEOUT_MS,
    statusOf: (error) => toStatus(error, options),
  });
  const server = new grpc.Server({
    interceptors: [gate.interceptor],
    'grpc.max_receive_message_length': options.maxMessageBytes,
    'grpc.max_connection_idle_ms': IDLE_MS,
    // Otherwise a second collector on a port would share it silently, and take half the calls.
    'grpc.so_reuseport': 0,
  });
  for (const signal of SIGNAL_NAMES) {
    server.addService(serviceOf(signal), {
      export: (call: ExportCall, answer: grpc.sendUnaryData<Buffer>) =>
        void answerExport(signal, call.request, gate.admissionOf(call.metadata), options).then(
          (response) => answer(null, response),
          (error: unknown) => answer(toStatus(error, options)),
        ),
    });
  }
  const port = await bind(server, options);
  return { port, stop: () => stop(server) };
}

/** Made by hand: the message stays bytes here, so the decoder is the one that HTTP uses. */
function serviceOf(signal: Signal): grpc.ServiceDefinition {
  return {
    export: {
      path: `/${SIGNALS[signal].service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  };
}

const asIs = (bytes: Buffer): Buffer => bytes;

async function answerExport(
  signal: Signal,
  body: Buffer,
  { projectId, maxBodyBytes = Infinity, charge }: Admission,
  options: GrpcReceiverOptions,
): Promise<Buffer> {
  if (body.length > maxBodyBytes)
    throw new ColloquyError('BODY_TOO_LARGE', `The message has more than ${maxBodyBytes} bytes`);
  charge?.(body.length);
  const lease = (options.memory ?? BODY_MEMORY).lease();
  try {
    lease.take(body.length);
    const outcome = await receiveExport({ signal, encoding: 'protobuf', body, projectId }, options);
    return Buffer.from(encodeResponse(signal, 'protobuf', outcome));
  } finally {
    lease.release();
  }
}

function toStatus(error: unknown, options: ReceiverOptions): CallStatus {
  const { code, message } = toColloquyError(error, options);
  return { code: grpcCodeOf(code), details: message };
}

async function bind(
  server: grpc.Server,
  { listen: { host, port }, tls }: GrpcReceiverOptions,
): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, grpcCredentials(tls), (cause, boundPort) => {
      if (cause === null) return resolve(boundPort);
      const message = `OTLP/gRPC cannot listen on ${address}: ${reasonOf(cause)}`;
      reject(new ColloquyError('STARTUP_FAILED', message, { cause }));
    });
  });
}

/** grpc-js wraps what the system says into a count of addresses and a list of errors. */
const reasonOf = ({ message }: Error): string =>
  /errors: \[listen (E\w+: [a-z ]*[a-z])/.exec(message)?.[1] ?? message;

async function stop(server: grpc.Server): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.forceShutdown(), STOP_TIMEOUT_MS);
    server.tryShutdown(() => {
      clearTimeout(deadline);
      resolve();
    });
  });
}
