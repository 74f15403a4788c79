import type {
  AttributeMap,
  AttributeValue,
  LogRecord,
  MaskingSettings,
  Span,
} from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { ID_FIELDS } from '../id-fields.js';
import { loadRecording } from '../recordings/load-recording.js';
import { TelemetryMasker } from './telemetry-masker.js';
import { TextMasker } from './text-masker.js';

const MAIL = 'joe@example.com';

function masker(changes: Partial<MaskingSettings> = {}) {
  const settings: MaskingSettings = {
    detectors: ['email', 'card'],
    patterns: [{ name: 'customer', pattern: String.raw`\b\d{8}\b` }],
    replacement: 'label',
    ids: 'keep',
    ...changes,
  };
  const counts = new Map<string, number>();
  const telemetry = new TelemetryMasker({
    texts: new TextMasker(settings, 'secret'),
    ids: settings.ids,
    idFields: ID_FIELDS,
    onMasked: (name) => counts.set(name, (counts.get(name) ?? 0) + 1),
  });
  return { telemetry, counts };
}

const [first] = loadRecording('ai-v6').requests.flatMap(({ spans }) => spans);
if (first === undefined) throw new Error('the recording has no spans');
const template: Span = first;

const map = (entries: Readonly<Record<string, AttributeValue>>): AttributeMap =>
  new Map(Object.entries(entries));

const spanWith = (entries: Readonly<Record<string, AttributeValue>>): Span => ({
  ...template,
  attributes: map(entries),
});

/** The attributes of a span after masking. */
function maskedAttributes(
  entries: Readonly<Record<string, AttributeValue>>,
  changes: Partial<MaskingSettings> = {},
): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(masker(changes).telemetry.span(spanWith(entries)).attributes);
}

/** Every text of a record, whatever it hangs on. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Map) return [...value].flatMap(textsOf);
  if (value instanceof Uint8Array || value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsOf);
}

const scope = { name: MAIL, version: MAIL, attributes: map({ a: MAIL }), schemaUrl: '' };
const resource = { attributes: map({ 'host.owner': MAIL }), schemaUrl: '' };

test('masks every text of a span', () => {
  const span: Span = {
    ...template,
    resource,
    scope,
    traceState: `a=${MAIL}`,
    name: `mail to ${MAIL}`,
    statusMessage: `${MAIL} is unknown`,
    attributes: map({
      text: MAIL,
      list: ['a', MAIL, ['b', MAIL]],
      map: map({ inner: map({ deep: MAIL, [MAIL]: 1n }) }),
      [MAIL]: 'a key',
      json: JSON.stringify({ a: JSON.stringify({ b: MAIL }) }),
    }),
    events: [
      {
        name: MAIL,
        timeUnixNano: 1n as Span['startTimeUnixNano'],
        attributes: map({ e: MAIL }),
        droppedAttributesCount: 0,
      },
    ],
    links: [
      {
        traceId: template.traceId,
        spanId: template.spanId,
        traceState: MAIL,
        attributes: map({ l: MAIL }),
        droppedAttributesCount: 0,
      },
    ],
  };
  const { telemetry, counts } = masker();
  const texts = textsOf(telemetry.span(span));
  expect(texts.filter((text) => text.includes(MAIL))).toEqual([]);
  expect(texts.filter((text) => text.includes('[EMAIL'))).toHaveLength(18);
  expect(counts.get('email')).toBe(18);
});

test('masks every text of a log record', () => {
  const log: LogRecord = {
    resource,
    scope,
    traceId: undefined,
    spanId: undefined,
    flags: 0,
    timeUnixNano: 1n as LogRecord['timeUnixNano'],
    observedTimeUnixNano: 1n as LogRecord['timeUnixNano'],
    severityNumber: 9,
    severityText: MAIL,
    eventName: MAIL,
    body: map({ message: [MAIL] }),
    attributes: map({ a: MAIL }),
    droppedAttributesCount: 0,
    sequence: 0,
  };
  const texts = textsOf(masker().telemetry.log(log));
  expect(texts.filter((text) => text.includes(MAIL))).toEqual([]);
  expect(texts.filter((text) => text.includes('[EMAIL'))).toHaveLength(8);
});

test('gives back what has nothing to mask as it came, and keeps shared resources shared', () => {
  const { telemetry } = masker();
  const clean = { ...template, resource: { ...resource, attributes: map({ a: 'b' }) } };
  const [one, other] = [telemetry.span(clean), telemetry.span(clean)];
  expect(one.attributes).toBe(clean.attributes);
  expect(one.events).toBe(clean.events);
  expect(one.resource).toBe(other.resource);
});

test('leaves bytes alone', () => {
  const bytes = new TextEncoder().encode(MAIL);
  expect(maskedAttributes({ bytes })['bytes']).toBe(bytes);
});

describe('numbers', () => {
  test('that are cards become texts, and counts stay counts', () => {
    expect(
      maskedAttributes({ card: 4_111_111_111_111_111n, 'gen_ai.usage.input_tokens': 12_345_678n }),
    ).toEqual({ card: '[CARD]', 'gen_ai.usage.input_tokens': 12_345_678n });
  });

  test('within content are masked as those of JSON are', () => {
    const masked = maskedAttributes({
      map: map({ customer: 12_345_678n, count: 7n }),
      json: '{"customer":12345678,"count":7}',
    });
    expect(masked['map']).toEqual(map({ customer: '[CUSTOMER]', count: 7n }));
    expect(masked['json']).toBe('{"customer":"[CUSTOMER]","count":7}');
  });
});

describe('ids', () => {
  const entries = {
    'session.id': MAIL,
    'user.id': MAIL,
    'user.email': MAIL,
    metadata: `{"user_id": "${MAIL}", "contact": "${MAIL}"}`,
  };

  test('stay, but for addresses that stand for one', () => {
    expect(maskedAttributes(entries)).toEqual({
      'session.id': MAIL,
      'user.id': MAIL,
      'user.email': expect.stringMatching(/^\[EMAIL_[0-9a-f]{12}\]$/) as string,
      metadata: `{"user_id": "${MAIL}", "contact": "[EMAIL]"}`,
    });
  });

  test('become pseudonyms where that is wanted, and never one for all', () => {
    const masked = maskedAttributes(entries, { ids: 'mask' });
    expect(masked['user.id']).toMatch(/^\[EMAIL_[0-9a-f]{12}\]$/);
    expect(masked['session.id']).toBe(masked['user.id']);
    expect(masked['user.email']).toBe(masked['user.id']);
    expect(maskedAttributes({ 'user.id': 'u-1' }, { ids: 'mask' })).toEqual({ 'user.id': 'u-1' });
  });
});
