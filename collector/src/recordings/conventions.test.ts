import { checkSpan, type CheckedSpan } from '@colloquy/genai-conventions';
import type { Span } from '@colloquy/schema';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { PRODUCERS } from '../producers/index.js';
import { listRecordings } from '../recorder/recording-file.js';
import { toJson } from '../to-json.js';
import { loadRecording } from './load-recording.js';

const KINDS: Readonly<Record<string, SpanKind>> = {
  Internal: SpanKind.INTERNAL,
  Server: SpanKind.SERVER,
  Client: SpanKind.CLIENT,
};

const STATUSES = {
  Unset: SpanStatusCode.UNSET,
  Ok: SpanStatusCode.OK,
  Error: SpanStatusCode.ERROR,
} as const;

/** A span that arrived, as it was when it left. */
const asSent = ({ name, kind, statusCode, scope, attributes }: Span): CheckedSpan => ({
  name,
  kind: KINDS[kind] ?? SpanKind.INTERNAL,
  status: { code: STATUSES[statusCode] },
  instrumentationScope: scope,
  attributes: toJson(attributes) as CheckedSpan['attributes'],
});

/** What the SDK cuts is no JSON any more. */
const CUT = 'cut';

const ours = PRODUCERS.filter(({ about }) => about.includes('@colloquy/'));

describe.each(ours)('$name', ({ name }) => {
  test.each(listRecordings(name).filter((scenario) => scenario !== CUT))(
    'tells %s by the conventions',
    (scenario) => {
      const spans = loadRecording(name, scenario).requests.flatMap((request) => request.spans);
      expect(spans.map(asSent).flatMap(checkSpan)).toEqual([]);
    },
  );
});
