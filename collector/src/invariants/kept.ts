import type { AttributeMap, GenAiFact, LogRecord, Message, Span } from '@colloquy/schema';
import type { ReadLog, ReadSpan } from '../recordings/read-request.js';
import { foldText, referencesOf } from '../store/fold.js';
import { encodeAttributesJson, restoreAttributes } from '../store/json-value.js';
import { createUnfold } from '../store/unfold-row.js';

type Read = Pick<ReadSpan, 'contents'> & { readonly fact: GenAiFact };

/** Attributes after they were put away and brought back as the store does. */
function createKeep({ fact, contents }: Read): (attributes: AttributeMap) => AttributeMap {
  const known = new Map(contents);
  const side = (hashes: readonly string[]): readonly Message[] =>
    hashes.flatMap((hash) => known.get(hash) ?? []);
  const references = referencesOf({
    i: side(fact.inputHashes),
    o: side(fact.outputHashes),
    s: side(fact.systemHashes),
  });
  const unfold = createUnfold(fact, known);
  return (attributes) => {
    const { json, types } = encodeAttributesJson(attributes, '', (text) =>
      foldText(text, references),
    );
    return restoreAttributes(
      JSON.parse(json) as Record<string, string>,
      '',
      JSON.parse(`{${types.slice(0, -1)}}`) as Record<string, string>,
      unfold,
    );
  };
}

/** A span as the store gives it back. */
export function keepSpan(span: Span, read: ReadSpan): Span {
  const keep = createKeep(read);
  const events = span.events.map((event) => ({ ...event, attributes: keep(event.attributes) }));
  return { ...span, attributes: keep(span.attributes), events };
}

/** A log record as the store gives it back. */
export function keepLog(
  log: LogRecord,
  { fact, contents }: Pick<ReadLog, 'fact' | 'contents'>,
): LogRecord {
  const keep = createKeep({ fact: { ...fact }, contents });
  const body = keep(new Map([['body', log.body]])).get('body') ?? null;
  return { ...log, attributes: keep(log.attributes), body };
}
