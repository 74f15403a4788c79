import type { LogRecord, Message, Span } from '@colloquy/schema';
import { PRODUCERS } from '../producers/index.js';
import { JSON_DECODER } from '../receivers/otlp/decode-json.js';
import { PROTOBUF_DECODER } from '../receivers/otlp/decode-protobuf.js';
import type { PlayThread } from '../recorder/play.js';
import { readRecording, type RecordingHeader } from '../recorder/recording-file.js';
import type { SinkRequest } from '../recorder/sink.js';
import { expectThreads } from '../scenarios/expect.js';
import { SCENARIOS } from '../scenarios/index.js';

/** What one export request holds. */
export interface RecordedRequest {
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
}

/** Everything one producer sent of one scenario. */
export interface Recording {
  readonly producer: string;
  readonly scenario: string;
  readonly header: RecordingHeader;
  readonly requests: readonly RecordedRequest[];
  /** Its first conversation, as a reader should see it. */
  readonly expected: PlayThread & { readonly messages: readonly Message[] };
}

/** A recorded request as the receivers hand it on. */
export function decodeRequest({ signal, encoding, body }: SinkRequest): RecordedRequest {
  const decoder = encoding === 'json' ? JSON_DECODER : PROTOBUF_DECODER;
  return signal === 'logs'
    ? { spans: [], logs: decoder.logs(body).items }
    : { spans: decoder.traces(body).items, logs: [] };
}

function expectFirst({ producer, scenario, threads }: RecordingHeader): Recording['expected'] {
  const { traits } = PRODUCERS.find(({ name }) => name === producer) ?? {};
  const played = SCENARIOS.find(({ name }) => name === scenario);
  const [first] = Object.entries(threads);
  if (traits === undefined || played === undefined || first === undefined)
    throw new Error(`${producer}/${scenario} is of no producer or scenario`);
  const [key, ids] = first;
  return { ...ids, messages: expectThreads(played, traits)[key]?.messages ?? [] };
}

/**
 * Reads what a producer sent of a scenario.
 * @throws Error when it is not on file
 */
export function loadRecording(producer: string, scenario = 'travel'): Recording {
  const { header, requests } = readRecording(producer, scenario);
  return {
    producer,
    scenario,
    header,
    requests: requests.map(decodeRequest),
    expected: expectFirst(header),
  };
}

/** Producers that tests of the store run with: those whose SDKs are our own development dependencies. */
export const RECORDED_PRODUCERS: readonly string[] = PRODUCERS.filter(
  ({ app }) => 'emitter' in app,
).map(({ name }) => name);
