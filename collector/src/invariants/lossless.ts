import type { AttributeMap, Json, LogRecord, Message, Span } from '@colloquy/schema';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { readRequest, type ReadSpan } from '../recordings/read-request.js';
import { toJson } from '../to-json.js';
import { keepLog, keepSpan } from './kept.js';
import type { Property, Take } from './property.js';
import { expectSame } from './same.js';

/** All that is content, as the API gives it. */
const wordsOf = (record: Span | LogRecord): unknown => [
  toJson(record.attributes),
  'body' in record ? toJson(record.body) : record.events.map((event) => toJson(event.attributes)),
];

const KEPT: Property = {
  claim:
    '4. Lossless. Every piece of content received is reachable: records come back to the letter and mean the same',
  check: ({ recorded, requests }) => {
    for (const [index, { spans, logs }] of recorded.entries()) {
      const read = requests[index] ?? { spans: [], logs: [] };
      for (const [place, item] of read.spans.entries()) {
        const span = spans[place];
        if (span !== undefined) checkKept(span, keepSpan(span, item), normaliseSpan);
      }
      for (const [place, item] of read.logs.entries()) {
        const log = logs[place];
        if (log !== undefined) checkKept(log, keepLog(log, item), normaliseLog);
      }
    }
  },
};

function checkKept<T extends Span | LogRecord>(
  record: T,
  kept: T,
  normalise: (record: T) => { readonly genAi: object },
): void {
  if (isDeepStrictEqual(kept, record)) return;
  expectSame(wordsOf(kept), wordsOf(record));
  expectSame(normalise(kept).genAi, normalise(record).genAi);
}

/** Shorter strings in JSON name things. */
const MIN_WORDS = 16;

/** The strings of a value that are long enough to be content. */
function leavesOf(value: Json): readonly string[] {
  if (typeof value === 'string') return value.length < MIN_WORDS ? [] : [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(leavesOf);
}

/** What a text says: itself, or what is in it where it is parts or a result told as JSON text. */
function wordsIn(text: string): readonly string[] {
  try {
    return leavesOf(JSON.parse(text) as Json).map((leaf) => leaf.replace(/^data:.*;base64,/, ''));
  } catch {
    return [text.trim()];
  }
}

const textsOf = (messages: readonly Pick<Message, 'parts'>[]): readonly string[] =>
  messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'text' ? [part.content] : [])),
  );

const TOLD: Property = {
  claim:
    '4. Lossless. What model calls were told and said stands in a conversation, or where it is told to be altered',
  check: ({ requests, whole }) => {
    const parts = whole.flatMap(({ messages, discrepancies }) => [
      ...messages.flatMap((message) => message.parts),
      // An application may report other words than the model's; both are told then.
      ...discrepancies.flatMap(({ derived }) => derived?.parts ?? []),
    ]);
    const shown = parts
      .map((part) => ('content' in part ? part.content : 'response' in part ? part.response : ''))
      .map((said) => (typeof said === 'string' ? said : JSON.stringify(said)))
      .join('\n');
    const records = requests.flatMap(({ spans, logs }) => [...spans, ...logs]);
    const calls = records.filter(({ fact }) => fact.kind === 'llm');
    const told = calls.flatMap(({ contents }) => textsOf(contents.map(([, message]) => message)));
    const isShown = (text: string): boolean =>
      shown.includes(text.trim()) || wordsIn(text).every((words) => shown.includes(words));
    expect(told.filter((text) => !isShown(text))).toEqual([]);
  },
};

const INVENTED: Property = {
  claim: '4. Lossless. No message stands twice, and no part of one is invented',
  check: ({ requests, whole }) => {
    const records = requests.flatMap(({ spans, logs }) => [...spans, ...logs]);
    const known = new Set(
      records.flatMap(({ contents }) =>
        contents.flatMap(([, { parts }]) => parts.map((part) => JSON.stringify(part))),
      ),
    );
    const messages = whole.flatMap((thread) => thread.messages);
    const parts = messages.flatMap((message) => message.parts.map((part) => JSON.stringify(part)));
    expect(parts.filter((part) => !known.has(part))).toEqual([]);
    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(messages.length);
  },
};

/** Dumps of what went through a span may hold anything; these hold messages. */
const SPOKEN = new Set(['messages', 'events', 'request']);

/** An attribute that a model call's messages were read from as JSON text. */
interface Source {
  readonly span: Span;
  readonly key: string;
  readonly text: string;
}

function sourcesOf({ recorded, requests }: Take): readonly Source[] {
  const spans = recorded.flatMap((request) => request.spans);
  const read: readonly ReadSpan[] = requests.flatMap((request) => request.spans);
  return read.flatMap(({ fact }, place) => {
    const span = spans[place];
    if (span === undefined || fact.kind !== 'llm') return [];
    const keys = [
      SPOKEN.has(fact.inputSource) ? fact.inputKey : '',
      SPOKEN.has(fact.outputSource) ? fact.outputKey : '',
    ];
    return keys.flatMap((key) => {
      const text = span.attributes.get(key);
      return typeof text === 'string' && /^[[{]/.test(text) ? [{ span, key, text }] : [];
    });
  });
}

const withAttribute = (attributes: AttributeMap, key: string, text: string): AttributeMap =>
  new Map([...attributes, [key, text]]);

const BROKEN: Property = {
  claim: '4. Lossless. What cannot be parsed, cut anywhere, shows as a raw part',
  check: (take, runs) => {
    const sources = sourcesOf(take);
    if (sources.length === 0) return;
    const cut = fc.record({
      place: fc.nat({ max: sources.length - 1 }),
      share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    });
    fc.assert(
      fc.property(cut, ({ place, share }) => {
        const { span, key, text } = sources[place] as Source;
        const broken = text.slice(0, Math.max(2, Math.floor(text.length * share)));
        const attributes = withAttribute(span.attributes, key, broken);
        const [read] = readRequest({ spans: [{ ...span, attributes }], logs: [] }).spans;
        const said = read?.contents.flatMap(([, { parts }]) => parts) ?? [];
        expect(said).not.toEqual([]);
        expectSame(read && keepSpan({ ...span, attributes }, read).attributes, attributes);
      }),
      runs,
    );
  },
};

export const LOSSLESS: readonly Property[] = [KEPT, TOLD, INVENTED, BROKEN];
