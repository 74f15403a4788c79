import { describe, expect, test } from 'vitest';
import type { SpanFact } from '@colloquy/schema';
import { createNestingOf } from './nesting.js';
import { buildSpanTrees, listNodes } from './span-tree.js';
import { span } from './testing/spans.js';

const nestingOf = (spans: readonly SpanFact[]): Readonly<Record<string, string | undefined>> => {
  const callers = listNodes(buildSpanTrees(spans)).filter(({ span: { kind } }) => kind === 'llm');
  const nesting = createNestingOf(callers);
  return Object.fromEntries(callers.map((node) => [node.span.spanId, nesting(node)]));
};

describe('nesting', () => {
  test('is told by a tool above', () => {
    const spans = [
      span('agent', { kind: 'agent' }),
      span('main', { parent: 'agent', kind: 'llm' }),
      span('tool', { parent: 'agent', kind: 'tool' }),
      span('sub', { parent: 'tool', kind: 'llm' }),
    ];
    expect(nestingOf(spans)).toEqual({ main: undefined, sub: 'tool' });
  });

  test('is told by an agent within one that makes calls of its own', () => {
    const spans = [
      span('outer', { kind: 'agent' }),
      span('main', { parent: 'outer', kind: 'llm' }),
      span('inner', { parent: 'outer', kind: 'agent' }),
      span('sub', { parent: 'inner', kind: 'llm' }),
    ];
    expect(nestingOf(spans)).toEqual({ main: undefined, sub: 'agent' });
  });

  test('is none below a team, nor where all is below a tool', () => {
    const team = [
      span('team', { kind: 'agent' }),
      span('writer', { parent: 'team', kind: 'agent' }),
      span('one', { parent: 'writer', kind: 'llm' }),
      span('reviewer', { parent: 'team', kind: 'agent' }),
      span('two', { parent: 'reviewer', kind: 'llm' }),
    ];
    expect(nestingOf(team)).toEqual({ one: undefined, two: undefined });
    const server = [span('tool', { kind: 'tool' }), span('one', { parent: 'tool', kind: 'llm' })];
    expect(nestingOf(server)).toEqual({ one: undefined });
  });
});
