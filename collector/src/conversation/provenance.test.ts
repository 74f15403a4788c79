import { expect, test } from 'vitest';
import { loadRecording } from '../recordings/load-recording.js';
import { rebuildInMemory } from '../recordings/rebuild-in-memory.js';
import { RULE_VERSION } from '../normalise/rule-version.js';
import { findLosers } from './binding.js';
import { span } from './testing/spans.js';

test.each([
  ['ai-v7', 'gen_ai.input.messages', 'gen_ai.output.messages', 'otel-genai'],
  ['openai-openinference', 'llm.input_messages.*', 'llm.output_messages.*', 'openinference'],
  ['py-openai-otel-events', 'log:gen_ai.user.message', 'log:gen_ai.choice', 'otel-genai'],
])('each message of %s says where it was read', (producer, input, output, dialect) => {
  const [conversation] = rebuildInMemory(loadRecording(producer).requests);
  const main = conversation?.messages.filter(({ line }) => line === 'main') ?? [];
  expect(main.filter(({ provenance }) => provenance === undefined)).toEqual([]);
  expect(main.find(({ role }) => role === 'user')?.provenance?.key).toBe(input);
  const answer = main.findLast(({ role }) => role === 'assistant');
  expect(answer?.provenance).toEqual({
    key: output,
    dialect,
    ruleVersion: RULE_VERSION,
    traceId: answer?.traceId,
    spanId: answer?.spanId,
  });
});

test("an answer that a later history tells better is its own call's, and names where it was read", () => {
  const { requests } = loadRecording('js-bedrock-invoke-openinference', 'stream-tools');
  const [conversation] = rebuildInMemory(requests);
  const [asking, answer] = conversation?.messages.filter(({ role }) => role === 'assistant') ?? [];
  expect(conversation?.generations.map(({ spanId }) => spanId)).toContain(asking?.spanId);
  expect(asking?.spanId).not.toBe(answer?.spanId);
  expect(asking?.provenance).toMatchObject({
    key: 'llm.input_messages.*',
    traceId: answer?.traceId,
    spanId: answer?.spanId,
  });
});

test('the ids that lost are told with where they were met, each once', () => {
  const spans = ['b', 'a'].map((spanId, index) => ({
    ...span(spanId, { start: index }),
    threadCandidates: [
      { threadId: 'mine', key: 'colloquy.thread.id', rank: 1 },
      { threadId: 'other', key: 'session.id', rank: 2 },
    ],
  }));
  expect(findLosers('mine', spans, [])).toEqual([
    { threadId: 'other', key: 'session.id', rank: 2, traceId: 'trace', spanId: 'b' },
  ]);
});

test('an answer equal to one in its own history was said, whatever came first', () => {
  const { requests } = loadRecording('py-openai-otel-events', 'repeated');
  const keysIn = (all: typeof requests) =>
    rebuildInMemory(all)[0]
      ?.messages.filter(({ role }) => role === 'assistant')
      .map(({ provenance }) => provenance?.key);
  const turned = requests.map(({ spans, logs }) => ({ spans, logs: logs.toReversed() }));
  expect(new Set(keysIn(requests))).toEqual(new Set(['log:gen_ai.choice']));
  expect(keysIn(turned)).toEqual(keysIn(requests));
});
