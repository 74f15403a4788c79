import type { DecodedLogs, DecodedTraces, Rejection } from '@colloquy/schema';
import type { TelemetryBatch, TelemetryConsumer } from '../../consumer.js';
import { ColloquyError, ERRORS } from '../../errors.js';
import type { OtlpCounters } from './counters.js';
import { JSON_DECODER } from './decode-json.js';
import { PROTOBUF_DECODER } from './decode-protobuf.js';
import { type Encoding, type OtlpDecoder, type Signal, SIGNALS } from './signals.js';

/** The project that telemetry belongs to where nothing says otherwise. */
export const DEFAULT_PROJECT_ID = 'default';

/** What the HTTP and the gRPC receiver need alike. */
export interface ReceiverOptions {
  readonly consumer: TelemetryConsumer;
  readonly counters: OtlpCounters;
  /** Told of errors that are no `ColloquyError`; the sender only learns that there was one. */
  readonly onInternalError?: (error: unknown) => void;
}

export interface ExportRequest {
  readonly signal: Signal;
  readonly encoding: Encoding;
  /** The message itself, decompressed. */
  readonly body: Buffer;
  readonly projectId: string;
}

/** Becomes `partial_success`; `rejected` 0 and no message mean that all was taken. */
export interface ExportOutcome {
  readonly rejected: number;
  readonly message: string;
}

const DECODERS: Readonly<Record<Encoding, OtlpDecoder>> = {
  json: JSON_DECODER,
  protobuf: PROTOBUF_DECODER,
};

/**
 * Takes in one export request of any signal and encoding; resolves once it is stored.
 * @throws ColloquyError `INVALID_OTLP`, or what the consumer throws
 */
export async function receiveExport(
  { signal, encoding, body, projectId }: ExportRequest,
  { consumer, counters }: ReceiverOptions,
): Promise<ExportOutcome> {
  const decoded = DECODERS[encoding][signal](body);
  if (decoded.signal === 'metrics') {
    counters.add('metrics', 'dropped', decoded.dataPoints);
    return { rejected: 0, message: '' };
  }
  const refused = await consume(decoded, { projectId, bytes: body.length }, { consumer, counters });
  const rejections = [...decoded.rejections, ...refused];
  counters.add(signal, 'rejected', rejections.length);
  counters.add(signal, 'accepted', decoded.items.length - refused.length);
  return outcomeOf(decoded, rejections);
}

async function consume(
  decoded: DecodedTraces | DecodedLogs,
  origin: Pick<TelemetryBatch, 'projectId' | 'bytes'>,
  { consumer, counters }: ReceiverOptions,
): Promise<readonly Rejection[]> {
  const { signal, items } = decoded;
  if (items.length === 0) return [];
  const spans = decoded.signal === 'traces' ? decoded.items : [];
  const logs = decoded.signal === 'logs' ? decoded.items : [];
  try {
    return await consumer.consume({ ...origin, spans, logs });
  } catch (error) {
    const comesBack = error instanceof ColloquyError && ERRORS[error.code].retryable;
    if (!comesBack) counters.add(signal, 'dropped', items.length);
    throw error;
  }
}

function outcomeOf(
  decoded: DecodedTraces | DecodedLogs,
  rejections: readonly Rejection[],
): ExportOutcome {
  const [first] = rejections;
  if (first === undefined) return { rejected: 0, message: '' };
  const rejected = rejections.length;
  const total = decoded.items.length + decoded.rejections.length;
  const counts = `${rejected} of ${total} ${SIGNALS[decoded.signal].noun}`;
  return { rejected, message: `${counts} rejected; first: ${first.reason}` };
}

/** Any error as one that can be answered; reports those that nobody foresaw. */
export function toColloquyError(
  error: unknown,
  { onInternalError }: Pick<ReceiverOptions, 'onInternalError'>,
): ColloquyError {
  if (error instanceof ColloquyError) return error;
  onInternalError?.(error);
  return new ColloquyError('INTERNAL', ERRORS.INTERNAL.title, { cause: error });
}
