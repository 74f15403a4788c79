import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { PlayThread } from './play.js';
import type { SinkRequest } from './sink.js';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));

/** The first line of a recording. */
export interface RecordingHeader {
  readonly producer: string;
  readonly scenario: string;
  readonly threads: Readonly<Record<string, PlayThread>>;
  /** What the provider counted for the calls it answered, all conversations together. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/** A recording as it lies in `test/fixtures/<producer>/<scenario>.jsonl.gz`: a header, then a request a line. */
export interface RecordingFile {
  readonly header: RecordingHeader;
  readonly requests: readonly SinkRequest[];
}

const pathOf = (producer: string, scenario: string): string =>
  `${FIXTURES}${producer}/${scenario}.jsonl.gz`;

/** Writes a recording over the one before. */
export function writeRecording({ header, requests }: RecordingFile): void {
  const lines = [
    header,
    ...requests.map(({ body, ...rest }) => ({ ...rest, body: body.toString('base64') })),
  ];
  const path = pathOf(header.producer, header.scenario);
  mkdirSync(new URL('.', `file://${path}`), { recursive: true });
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(path, gzipSync(text, { level: 9 }));
}

/** Removes a recording that does not stand for its scenario any more. */
export const removeRecording = (producer: string, scenario: string): void =>
  rmSync(pathOf(producer, scenario), { force: true });

/** @throws Error when there is no such recording */
export function readRecording(producer: string, scenario: string): RecordingFile {
  const lines = gunzipSync(readFileSync(pathOf(producer, scenario)))
    .toString()
    .trimEnd()
    .split('\n');
  const [header, ...requests] = lines.map((line) => JSON.parse(line) as never);
  if (header === undefined) throw new Error(`${producer}/${scenario} is empty`);
  return {
    header,
    requests: (requests as (Omit<SinkRequest, 'body'> & { body: string })[]).map(
      ({ body, ...rest }) => ({ ...rest, body: Buffer.from(body, 'base64') }),
    ),
  };
}

/** The scenarios on file of one producer. */
export function listRecordings(producer: string): readonly string[] {
  try {
    return readdirSync(FIXTURES + producer)
      .filter((name) => name.endsWith('.jsonl.gz'))
      .map((name) => name.slice(0, -'.jsonl.gz'.length))
      .toSorted();
  } catch {
    return [];
  }
}
