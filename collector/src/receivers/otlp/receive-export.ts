import type { DecodedLogs, DecodedTraces } from '@colloquy/schema';
import type { Admission } from '../../admission.js';
import type { RequestIntake } from '../../consumer.js';
import { ColloquyError, ERRORS } from '../../errors.js';
import type { BodyMemory } from './body-memory.js';
import type { OtlpCounters } from './counters.js';
import { JSON_DECODER } from './decode-json.js';
import { PROTOBUF_CHECKER } from './decode-protobuf.js';
import { type FilteredRequest, filterJsonTraces } from './filter-json-traces.js';
import { type Encoding, type OtlpDecoder, type Signal, SIGNALS } from './signals.js';

/** The project that telemetry belongs to where nothing says otherwise. */
export const DEFAULT_PROJECT_ID = 'default';

/** What the HTTP and the gRPC receiver need alike. */
export interface ReceiverOptions {
  readonly intake: RequestIntake;
  readonly counters: OtlpCounters;
  /** What bodies may hold in all; that of the process where this is left out. */
  readonly memory?: BodyMemory;
  /** Told of errors that are no `ColloquyError`; the sender only learns that there was one. */
  readonly onInternalError?: (error: unknown) => void;
}

export interface ExportRequest {
  readonly signal: Signal;
  readonly encoding: Encoding;
  /** The message itself, decompressed. */
  readonly body: Buffer;
  readonly projectId: string;
  /** Why a span may not be taken; all may where this is left out. */
  readonly refusalOf?: Admission['refusalOf'];
}

/** Becomes `partial_success`; `rejected` 0 and no message mean that all was taken. */
export interface ExportOutcome {
  readonly rejected: number;
  readonly message: string;
}

/** Finds what can be read; whoever stores it decodes it. */
const CHECKERS: Readonly<Record<Encoding, OtlpDecoder>> = {
  json: JSON_DECODER,
  protobuf: PROTOBUF_CHECKER,
};

/**
 * Takes in one export request of any signal and encoding; resolves once it is safe.
 * @throws ColloquyError `INVALID_OTLP`, or what the intake throws
 */
export async function receiveExport(
  request: ExportRequest,
  { intake, counters }: ReceiverOptions,
): Promise<ExportOutcome> {
  const { signal, encoding, projectId } = request;
  const { body, refused } = filterSpans(request);
  const checked = CHECKERS[encoding][signal](body);
  if (checked.signal === 'metrics') {
    counters.add(projectId, 'metrics', 'dropped', checked.dataPoints);
    return { rejected: 0, message: '' };
  }
  const rejections = [...refused, ...checked.rejections];
  const items = checked.items.length;
  try {
    if (items > 0)
      await intake.accept({ projectId, encoding, body, signal: checked.signal, items });
  } catch (error) {
    const comesBack = error instanceof ColloquyError && ERRORS[error.code].retryable;
    if (!comesBack) counters.add(projectId, signal, 'dropped', items);
    throw error;
  }
  counters.add(projectId, signal, 'rejected', rejections.length);
  counters.add(projectId, signal, 'accepted', items);
  return outcomeOf({ ...checked, rejections });
}

/** @throws ColloquyError `UNSUPPORTED_MEDIA_TYPE` for what cannot be looked through */
function filterSpans({ signal, encoding, body, refusalOf }: ExportRequest): FilteredRequest {
  if (refusalOf === undefined) return { body, refused: [] };
  if (signal === 'traces' && encoding === 'json') return filterJsonTraces(body, refusalOf);
  throw new ColloquyError(
    'UNSUPPORTED_MEDIA_TYPE',
    'With a thread token only spans in JSON are taken',
  );
}

function outcomeOf({ signal, items, rejections }: DecodedTraces | DecodedLogs): ExportOutcome {
  const [first] = rejections;
  if (first === undefined) return { rejected: 0, message: '' };
  const rejected = rejections.length;
  const counts = `${rejected} of ${items.length + rejected} ${SIGNALS[signal].noun}`;
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
