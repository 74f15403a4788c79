import type { ClickHouseClient } from '@clickhouse/client';
import type { DeadLetterDetailAnswer, LogRecord, Span } from '@colloquy/schema';
import type { Masking } from '../masking/masking.js';
import { decodeRequest } from '../receivers/otlp/decode-request.js';
import { type DeadLetter, WHOLE } from '../store/dead-letters.js';
import { encodeLetter, encodeLog, encodePlace, encodeSpan } from './encode.js';
import { readLetter } from './replay.js';

/** Characters of one answer, but for its last item. */
const MAX_CHARACTERS = 4 * 1024 ** 2;

interface Place {
  readonly place: number;
  readonly reason: string;
}

interface Items {
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
}

function decode(letter: DeadLetter, body: Buffer): Items {
  try {
    return decodeRequest({ ...letter, body });
  } catch {
    return { spans: [], logs: [] };
  }
}

/** A letter of the whole request tells each of its items. */
function placesOf({ items }: DeadLetter, { spans, logs }: Items): readonly Place[] {
  const [first] = items;
  const length = spans.length + logs.length;
  if (first?.place !== WHOLE || length === 0) return items;
  return Array.from({ length }, (_, place) => ({ place, reason: first.reason }));
}

export interface ShowOptions {
  readonly client: ClickHouseClient;
  readonly masking: Pick<Masking, 'mask'>;
}

export interface ItemPage {
  /** Which item is the first, counted from 0. */
  readonly from: number;
  readonly limit: number;
}

/**
 * What a letter holds, masked as the project wants it now.
 * @returns with it, the next item where there are more
 * @throws ColloquyError `NOT_FOUND`
 */
export async function showLetter(
  { client, masking }: ShowOptions,
  { projectId, letterId }: { readonly projectId: string; readonly letterId: string },
  { from, limit }: ItemPage,
): Promise<{
  readonly answer: Omit<DeadLetterDetailAnswer, 'next_cursor'>;
  readonly next: number | undefined;
}> {
  const { letter, body } = await readLetter(client, projectId, letterId);
  const all = decode(letter, body);
  const places = placesOf(letter, all);
  const items: DeadLetterDetailAnswer['items'][number][] = [];
  let characters = 0;
  for (const { place, reason } of places.slice(from, from + limit)) {
    const one = place === WHOLE ? [] : [place, place + 1];
    const spans = one.length === 0 ? [] : all.spans.slice(...one);
    const logs = one.length === 0 ? [] : all.logs.slice(...one);
    const { batch } = await masking.mask({ projectId, spans, logs, bytes: 0 });
    const [span] = batch.spans.map(encodeSpan);
    const [log] = batch.logs.map(encodeLog);
    items.push({ place: encodePlace(place), reason, span: span ?? null, log: log ?? null });
    characters += JSON.stringify(items.at(-1)).length;
    if (characters > MAX_CHARACTERS) break;
  }
  const next = from + items.length;
  return {
    answer: { ...encodeLetter(letter), items },
    next: next < places.length ? next : undefined,
  };
}
