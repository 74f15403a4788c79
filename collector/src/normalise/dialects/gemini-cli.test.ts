import type { AttributeValue, LogRecord, Message } from '@colloquy/schema';
import { expect, test } from 'vitest';
import { loadRecording } from '../../recordings/load-recording.js';
import { normaliseLog } from '../normalise.js';

const [recorded] = loadRecording('openai-otel-chat').requests.flatMap(({ logs }) => logs);

/** As version 0.61.0 writes it, its texts shortened. */
function details(attributes: Readonly<Record<string, AttributeValue>>): LogRecord {
  if (recorded === undefined) throw new Error('the recording is empty');
  const name = 'gen_ai.client.inference.operation.details';
  return {
    ...recorded,
    traceId: undefined,
    spanId: undefined,
    scope: { ...recorded.scope, name: 'gemini-cli' },
    eventName: name,
    body: 'GenAI operation details from gemini-2.5-flash. Status: 200. Duration: 259ms.',
    attributes: new Map<string, AttributeValue>([
      ['event.name', name],
      ['session.id', 'b62766cd'],
      ...Object.entries(attributes),
    ]),
  };
}

const text = (role: string, content: string): Message => ({
  role,
  parts: [{ type: 'text', content }],
});
const told = (role: string, content: string) => ({
  ...text(role, content),
  finish_reason: 'stop',
});

test('an answer that is told chunk by chunk is one message', () => {
  const chunks = [told('system', 'You said: Wh'), told('system', 'ere is Zürich?')];
  const { genAi } = normaliseLog(details({ 'gen_ai.output.messages': JSON.stringify(chunks) }));
  expect(genAi.outputMessages).toEqual([text('assistant', 'You said: Where is Zürich?')]);
});

test('what the model said before is not said by the system', () => {
  const history = [text('user', 'Hi'), text('system', 'Hello!'), text('user', 'ok')];
  const { genAi } = normaliseLog(
    details({
      'gen_ai.input.messages': JSON.stringify(history),
      'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'Be brief.' }]),
    }),
  );
  expect(genAi.systemMessages).toEqual([text('system', 'Be brief.')]);
  expect(genAi.inputMessages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(genAi.threadCandidates).toMatchObject([{ threadId: 'b62766cd' }]);
});
