import type { SpanEvent } from '@colloquy/schema';
import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

// From the reference, not recorded: versions of 2025 wrote the prompt as lines of one text.
test('reads a prompt of one line for each message', () => {
  const prompt: SpanEvent = {
    name: 'gen_ai.content.prompt',
    timeUnixNano: 0n as SpanEvent['timeUnixNano'],
    attributes: new Map([
      ['gen_ai.prompt', 'system: Be kind.\nAlways.\nuser: Hi\nassistant: Hello!\nuser: Bye'],
    ]),
    droppedAttributesCount: 0,
  };
  const { inputMessages } = meaningOf(
    { 'gen_ai.application_name': 'default' },
    { events: [prompt] },
  );
  expect(inputMessages).toEqual(
    [
      ['system', 'Be kind.\nAlways.'],
      ['user', 'Hi'],
      ['assistant', 'Hello!'],
      ['user', 'Bye'],
    ].map(([role, content]) => ({ role, parts: [{ type: 'text', content }] })),
  );
});

test('reads a raw value that was decorated as the output', () => {
  const { outputMessages } = meaningOf({ 'gen_ai.output.messages': 'All done.' });
  expect(outputMessages).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: 'All done.' }] },
  ]);
});
