import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LogRecord, Message, Span } from '@colloquy/schema';
import { JSON_DECODER } from '../receivers/otlp/decode-json.js';
import { PROTOBUF_DECODER } from '../receivers/otlp/decode-protobuf.js';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));

/** One export request as a tracer sent it. */
export interface RecordedRequest {
  readonly name: string;
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
}

/** Everything one producer sent, and the conversation it was sent about. */
export interface Recording {
  readonly producer: string;
  readonly requests: readonly RecordedRequest[];
  readonly expected: ExpectedConversation;
}

/** What the script behind a recording says. */
interface ExpectedConversation {
  readonly threadId: string;
  readonly userId: string;
  readonly messages: readonly Message[];
}

function loadRequest(folder: string, name: string): RecordedRequest {
  const body = readFileSync(`${folder}/${name}`);
  const decoder = name.endsWith('.json') ? JSON_DECODER : PROTOBUF_DECODER;
  return name.includes('logs')
    ? { name, spans: [], logs: decoder.logs(body).items }
    : { name, spans: decoder.traces(body).items, logs: [] };
}

/** Reads a folder of `test/fixtures`, its requests in the order in which they were sent. */
export function loadRecording(producer: string): Recording {
  const folder = FIXTURES + producer;
  const names = readdirSync(folder)
    .filter((name) => /^\d+-/.test(name))
    .toSorted();
  return {
    producer,
    requests: names.map((name) => loadRequest(folder, name)),
    expected: JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as ExpectedConversation,
  };
}

/** The producers on file. */
export const RECORDED_PRODUCERS: readonly string[] = readdirSync(FIXTURES, { withFileTypes: true })
  .filter(({ name }) => existsSync(`${FIXTURES}${name}/expected.json`))
  .map(({ name }) => name)
  .toSorted();
