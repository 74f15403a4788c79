import { expect, test } from 'vitest';
import type { Message } from '@colloquy/schema';
import { retoldByWrappers } from './flattened.js';
import { findCarriers } from './generations.js';
import { buildSpanTrees, listNodes } from './span-tree.js';
import { span } from './testing/spans.js';

const text = (role: string, content: string): Message => ({
  role,
  parts: [{ type: 'text', content }],
});
const MESSAGES: Readonly<Record<string, Message>> = {
  system: text('system', 'Be brief.'),
  question: text('user', 'Weather?'),
  other: text('user', 'Time?'),
  nothing: text('assistant', ''),
  call: { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'weather' }] },
};
const find = (hash: string) => ({ message: MESSAGES[hash] as Message });

const call = {
  ...span('call', { kind: 'llm', start: 5, input: ['system', 'question'], output: ['nothing'] }),
  dialects: ['openllmetry'],
  finishReasons: ['tool_call'],
};
const around = (
  id: string,
  start: number,
  input: readonly string[],
  output: readonly string[],
) => ({
  ...span(id, { kind: 'chain', start, input, output }),
  endTimeUnixNano: 9n,
});

const contentOf = (...wrappers: readonly ReturnType<typeof around>[]) => {
  const nodes = listNodes(buildSpanTrees([call, ...wrappers]));
  const carriers = findCarriers(nodes, () => []);
  const [told] = retoldByWrappers(carriers, nodes, find);
  return [told?.content.input, told?.content.output];
};

test('the innermost step that spans a call and has the same messages says which tools it called', () => {
  const graph = around('graph', 1, ['question'], ['nothing']);
  const step = around('step', 2, ['question'], ['call']);
  expect(contentOf(graph, step)).toEqual([['system', 'question'], ['call']]);
});

test('a wrapper of other messages, or of another time, says nothing of the call', () => {
  const own = [['system', 'question'], ['nothing']];
  expect(contentOf(around('graph', 1, ['question', 'other'], ['call']))).toEqual(own);
  expect(contentOf(around('later', 6, ['question'], ['call']))).toEqual(own);
});
