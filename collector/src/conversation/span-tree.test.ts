import { describe, expect, test } from 'vitest';
import type { SpanFact } from '@colloquy/schema';
import { findGenerations } from './counted.js';
import { findCarriers } from './generations.js';
import { buildSpanTrees, listNodes } from './span-tree.js';
import { span } from './testing/spans.js';

const nodesOf = (spans: readonly SpanFact[]) => listNodes(buildSpanTrees(spans));
const names = (nodes: readonly { readonly span: SpanFact }[]): readonly string[] =>
  nodes.map(({ span: { spanId } }) => spanId);

describe('buildSpanTrees', () => {
  test('puts parents before children and the earlier before the later, whatever came first', () => {
    const spans = [
      span('c', { parent: 'a', start: 3 }),
      span('b', { parent: 'a', start: 2 }),
      span('a', { start: 1 }),
    ];
    expect(names(nodesOf(spans))).toEqual(['a', 'b', 'c']);
  });

  test('opens a ring and loses nothing', () => {
    const spans = [
      span('a', { parent: 'c' }),
      span('b', { parent: 'a' }),
      span('c', { parent: 'b' }),
      span('d', { parent: 'c' }),
    ];
    expect(names(nodesOf(spans)).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('takes a span whose parent is missing for a root', () => {
    expect(buildSpanTrees([span('b', { parent: 'gone' })])).toHaveLength(1);
  });

  test('is no deeper than memory', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      span(`s${index}`, { parent: `s${index - 1}`, kind: 'chain', input: ['x'] }),
    );
    const nodes = nodesOf(chain);
    expect(nodes.at(-1)?.depth).toBe(19_999);
    expect(names(findCarriers(nodes, () => []).map(({ node }) => node))).toEqual(['s0']);
  });
});

describe('findGenerations', () => {
  test('counts the leaves and not what wraps them', () => {
    const spans = [
      span('outer', { kind: 'llm', tokens: 9 }),
      span('one', { parent: 'outer', kind: 'llm', tokens: 4 }),
      span('two', { parent: 'outer', kind: 'llm', tokens: 5 }),
    ];
    expect(names(findGenerations(nodesOf(spans)))).toEqual(['one', 'two']);
  });

  test('lets a wrapper stand in for its only call when that does not state its usage', () => {
    const spans = [
      span('agent', { kind: 'agent', tokens: 9 }),
      span('call', { parent: 'agent', kind: 'llm' }),
    ];
    expect(names(findGenerations(nodesOf(spans)))).toEqual(['agent']);
  });

  const counted = (spans: readonly SpanFact[]): number =>
    findGenerations(nodesOf(spans)).reduce(
      (sum, { span: { inputTokens = 0 } }) => sum + inputTokens,
      0,
    );

  test('counts once what is stated above several calls that state nothing', () => {
    const spans = [
      span('team', { kind: 'agent', tokens: 9 }),
      span('agent', { parent: 'team', kind: 'agent', tokens: 9 }),
      span('one', { parent: 'agent', kind: 'llm' }),
      span('two', { parent: 'agent', kind: 'llm', start: 1 }),
    ];
    expect(names(findGenerations(nodesOf(spans)))).toEqual(['agent']);
    expect(counted(spans)).toBe(9);
  });

  test('does not count above what a call states, whatever others leave out', () => {
    const spans = [
      span('agent', { kind: 'agent', tokens: 9 }),
      span('one', { parent: 'agent', kind: 'llm', tokens: 4 }),
      span('two', { parent: 'agent', kind: 'llm', start: 1 }),
    ];
    expect(names(findGenerations(nodesOf(spans)))).toEqual(['one', 'two']);
    expect(counted(spans)).toBe(4);
  });

  test('counts an agent with no call below it', () => {
    expect(counted([span('agent', { kind: 'agent', tokens: 9 })])).toBe(9);
  });

  test('counts apart what a tool runs', () => {
    const spans = [
      span('agent', { kind: 'agent', tokens: 9 }),
      span('call', { parent: 'agent', kind: 'llm' }),
      span('tool', { parent: 'agent', kind: 'tool', start: 1 }),
      span('sub', { parent: 'tool', kind: 'llm', tokens: 5 }),
    ];
    expect(names(findGenerations(nodesOf(spans)))).toEqual(['agent', 'sub']);
  });

  test('prices a wrapper as the one model below it', () => {
    const call = { ...span('call', { parent: 'agent', kind: 'llm' }), requestModel: 'gpt-4o-mini' };
    const spans = [span('agent', { kind: 'agent', tokens: 9 }), call];
    expect(findGenerations(nodesOf(spans))[0]?.span.requestModel).toBe('gpt-4o-mini');
  });

  test('counts a response once, whoever else tells of it', () => {
    const answered = { responseId: 'msg_1' };
    const spans = [
      span('turn', { kind: 'chain' }),
      { ...span('own', { parent: 'turn', kind: 'llm', tokens: 4 }), ...answered },
      { ...span('other', { parent: 'turn', kind: 'llm', tokens: 4, input: ['x'] }), ...answered },
      span('next', { parent: 'turn', kind: 'llm', tokens: 4 }),
    ];
    expect(names(findGenerations(nodesOf(spans)))).toEqual(['next', 'other']);
  });

  test('counts two calls whose responses a server gave one id, and one that is asked for again once', () => {
    const answered = { responseId: 'chatcmpl-7' };
    const spans = [
      { ...span('first', { kind: 'llm', tokens: 4, start: 1 }), ...answered },
      { ...span('second', { kind: 'llm', tokens: 5, start: 10 }), ...answered },
      { ...span('poll', { kind: 'llm', start: 20 }), ...answered },
      { ...span('retrieved', { kind: 'llm', tokens: 5, start: 30 }), ...answered },
    ];
    expect(names(findGenerations(nodesOf(spans)))).toHaveLength(2);
  });
});

describe('findCarriers', () => {
  test('takes content from the calls, and from a wrapper only where they have none', () => {
    const wrapper = span('agent', { kind: 'agent', input: ['x'] });
    const silent = span('call', { parent: 'agent', kind: 'llm' });
    const carriers = (call: SpanFact) =>
      names(findCarriers(nodesOf([wrapper, call]), () => []).map(({ node }) => node));
    expect(carriers(silent)).toEqual(['agent']);
    expect(carriers({ ...silent, inputHashes: ['x'], inputSource: 'messages' })).toEqual(['call']);
  });

  const carriersOf = (spans: readonly SpanFact[]): readonly string[] =>
    names(findCarriers(nodesOf(spans), () => []).map(({ node }) => node));

  test('hears a response from the span that has its words', () => {
    const told = { responseId: 'msg_1', inputSource: 'messages' } as const;
    const spoken = { outputHashes: ['y'], outputSource: 'messages' } as const;
    const spans = [
      { ...span('outer', { kind: 'llm', input: ['x'] }), ...told, ...spoken },
      { ...span('inner', { parent: 'outer', kind: 'llm', input: ['x'] }), ...told },
    ];
    expect(carriersOf(spans)).toEqual(['outer']);
    expect(carriersOf(spans.toReversed())).toEqual(['outer']);
  });

  test('does not hear chains beside a call', () => {
    const spans = [
      span('graph', { kind: 'chain', input: ['state'] }),
      span('call', { parent: 'graph', kind: 'llm', input: ['x'], start: 1 }),
      span('route', { parent: 'graph', kind: 'chain', input: ['y'], start: 2 }),
    ];
    expect(carriersOf(spans)).toEqual(['call']);
  });

  test('hears a call and the sub-agent that its tool runs', () => {
    const spans = [
      span('call', { kind: 'llm', input: ['x'] }),
      span('tool', { parent: 'call', kind: 'tool', input: ['args'] }),
      span('sub', { parent: 'tool', kind: 'llm', input: ['y'] }),
    ];
    expect(carriersOf(spans)).toEqual(['call', 'sub']);
    expect(names(findGenerations(nodesOf(spans)))).toEqual(['call', 'sub']);
  });
});
