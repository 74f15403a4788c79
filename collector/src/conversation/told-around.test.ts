import { createHash } from 'node:crypto';
import type { Message, SpanFact } from '@colloquy/schema';
import { expect, test } from 'vitest';
import { RebuildMemory } from './rebuild-memory.js';
import { rebuild } from './rebuild.js';
import { span } from './testing/spans.js';

const BYTES = 'iVBORw0KGgo=';
const fileId = createHash('sha256').update(Buffer.from(BYTES, 'base64')).digest('base64url');

const said = (role: string, ...parts: Message['parts']): Message => ({ role, parts });
const text = (content: string) => ({ type: 'text', content }) as const;
const thought = (content: string) => ({ type: 'reasoning', content }) as const;
const picture = { modality: 'image', mime_type: 'image/png' } as const;
const bytes = { type: 'blob', ...picture, content: BYTES } as const;
const file = (file_id: string) => ({ type: 'file', ...picture, file_id }) as const;

const MESSAGES: Readonly<Record<string, Message>> = {
  ask: said('user', text('Lake?')),
  yes: said('assistant', text('Yes.')),
  'yes after a thought': { ...said('assistant', thought('Sunny.'), text('Yes.')), name: 'colette' },
  'yes after another': said('assistant', thought('Warm.'), text('Yes.')),
  'no after a thought': said('assistant', thought('Sunny.'), text('No.')),
  'a file': said('user', text('Colour?'), file(fileId.slice(0, 22))),
  'a file of that name': said('user', text('Colour?'), file('file-0123456789012345678')),
  'a picture': said('user', text('Colour?'), bytes),
};
const contents = new Map(Object.entries(MESSAGES));

const wrapper = (id: string, more: Parameters<typeof span>[1]): SpanFact => ({
  ...span(id, { kind: 'chain', ...more }),
  outputKey: 'state.output',
  inputKey: 'state.input',
});
const call = (input: string, output: string): SpanFact =>
  span('call', { kind: 'llm', parent: 'step', start: 1, input: [input], output: [output] });

const show = (...spans: readonly SpanFact[]) =>
  rebuild({ threadId: 'thread', spans, logs: [], contents })?.messages.map(
    ({ parts, name, spanId, provenance }) => ({ parts, name, spanId, read: provenance?.spanId }),
  ) ?? [];

test('thoughts that the span around a call tells are those of its answer', () => {
  const step = wrapper('step', { output: ['yes after a thought'] });
  expect(show(step, call('ask', 'yes'))[1]).toEqual({
    parts: MESSAGES['yes after a thought']?.parts,
    name: undefined,
    spanId: 'call',
    read: 'step',
  });
});

test('the nearest span that tells of them is believed', () => {
  const graph = wrapper('graph', { output: ['ask', 'yes after another'] });
  const step = wrapper('step', { parent: 'graph', output: ['yes after a thought'] });
  const [, answer] = show(graph, step, call('ask', 'yes'));
  expect(answer?.parts).toEqual(MESSAGES['yes after a thought']?.parts);
});

test.each([
  ['tells other words', wrapper('step', { output: ['no after a thought'] })],
  ['tells it twice', wrapper('step', { output: ['yes after a thought', 'yes after another'] })],
  ['is a tool', { ...wrapper('step', { output: ['yes after a thought'] }), kind: 'tool' as const }],
])('they are not taken where the span around %s', (_, step) => {
  expect(show(step, call('ask', 'yes'))[1]?.parts).toEqual([text('Yes.')]);
});

test('bytes that a file is named by stand in the span around', () => {
  const step = wrapper('step', { input: ['a picture'] });
  const told = show(step, call('a file', 'yes'));
  expect(told[0]).toMatchObject({ parts: MESSAGES['a picture']?.parts, spanId: 'call' });
  expect(show(step, call('a file of that name', 'yes'))[0]?.parts).toEqual(
    MESSAGES['a file of that name']?.parts,
  );
});

test('a span around that comes late is heard all the same', () => {
  const step = wrapper('step', { output: ['yes after a thought'] });
  const memory = new RebuildMemory();
  const answers = [[call('ask', 'yes')], [step, call('ask', 'yes')]].map(
    (spans) => rebuild({ threadId: 'thread', spans, logs: [], contents }, { memory })?.messages[1],
  );
  expect(answers.map((answer) => answer?.parts)).toEqual([
    MESSAGES['yes']?.parts,
    MESSAGES['yes after a thought']?.parts,
  ]);
});
