import type { AttributeValue, GenAi, Span } from '@colloquy/schema';
import { loadRecording } from '../../recordings/load-recording.js';
import { normaliseSpan } from '../normalise.js';

const [recorded] = loadRecording('openai-openinference').requests.flatMap(({ spans }) => spans);

/** What the engine makes of a span that has these attributes and, unless given, nothing else of note. */
export function meaningOf(
  attributes: Readonly<Record<string, AttributeValue>>,
  more: Partial<Span> = {},
): GenAi {
  if (recorded === undefined) throw new Error('the recording is empty');
  return normaliseSpan({
    ...recorded,
    attributes: new Map(Object.entries(attributes)),
    events: [],
    droppedAttributesCount: 0,
    ...more,
  }).genAi;
}
