import type { LogRecord, Span } from '@colloquy/schema';
import type { CheckedRequest } from '../../consumer.js';
import { JSON_DECODER } from './decode-json.js';
import { PROTOBUF_DECODER } from './decode-protobuf.js';

const DECODERS = { json: JSON_DECODER, protobuf: PROTOBUF_DECODER } as const;

/**
 * What a request holds that was accepted; its sender has been told what was not.
 * @throws ColloquyError `INVALID_OTLP` when it cannot be read, which was tried before
 */
export function decodeRequest({
  signal,
  encoding,
  body,
}: Pick<CheckedRequest, 'signal' | 'encoding' | 'body'>): {
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
} {
  const decoder = DECODERS[encoding];
  return signal === 'traces'
    ? { spans: decoder.traces(body).items, logs: [] }
    : { spans: [], logs: decoder.logs(body).items };
}
