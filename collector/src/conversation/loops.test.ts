import { expect, test } from 'vitest';
import { findCarriers } from './generations.js';
import { buildSpanTrees, listNodes } from './span-tree.js';
import { span } from './testing/spans.js';

test('a call that tells no input was sent what its loop began with and what has been said since', () => {
  const spans = [
    span('loop', { kind: 'chain', input: ['system', 'question'], output: ['end'] }),
    span('step 1', { parent: 'loop', kind: 'chain', start: 1, output: ['call'] }),
    span('call 1', { parent: 'step 1', kind: 'llm', start: 2, output: ['words alone'] }),
    span('tool', { parent: 'step 1', kind: 'tool', start: 3, input: ['args'], output: ['result'] }),
    span('sub', { parent: 'tool', kind: 'chain', start: 4, input: ['aside'], output: ['done'] }),
    span('sub call', { parent: 'sub', kind: 'llm', start: 5, output: ['done'] }),
    span('step 2', { parent: 'loop', kind: 'chain', start: 6, output: ['answer'] }),
    span('call 2', { parent: 'step 2', kind: 'llm', start: 7, output: ['answer'] }),
  ];
  const carriers = findCarriers(listNodes(buildSpanTrees(spans)), () => []);
  const contents = carriers.map(({ node, content: { input, output } }) => [
    node.span.spanId,
    input,
    output,
  ]);
  expect(contents).toEqual([
    ['call 1', ['system', 'question'], ['call']],
    ['sub call', ['aside'], ['done']],
    ['call 2', ['system', 'question', 'call', 'result'], ['answer']],
  ]);
});
