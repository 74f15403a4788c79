import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EMITTERS, EMITTER_NAMES } from './emitters.js';
import { expectedConversation } from './expected.js';
import { SCENARIO } from './scenario.js';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));

describe('the scenario', () => {
  test('asks what a conversation can be hard to rebuild from', () => {
    const [first] = SCENARIO.turns;
    expect(first?.user.length).toBeGreaterThan(100);
    expect(SCENARIO.turns.filter(({ user }) => user === 'ok')).toHaveLength(2);
    expect(SCENARIO.turns.some(({ stream }) => stream)).toBe(true);
    expect(SCENARIO.turns.some(({ failFirst }) => failFirst === 500)).toBe(true);
  });

  test('leaves out what an emitter is not told', () => {
    const traits = { reasoning: false, toolResult: 'object', callIds: false } as const;
    const parts = expectedConversation(SCENARIO, traits).flatMap((message) => message.parts);
    expect(parts.filter(({ type }) => type === 'reasoning')).toEqual([]);
    expect(parts.filter(({ type }) => type.startsWith('tool_call'))).toEqual([
      { type: 'tool_call', name: 'get_weather', arguments: { city: 'Zürich' } },
      { type: 'tool_call_response', response: SCENARIO.tool.result },
    ]);
  });
});

test.each(EMITTER_NAMES)('the recording of %s is of the scenario as it stands', async (name) => {
  const text = await readFile(`${FIXTURES}${name}/expected.json`, 'utf8');
  const messages = expectedConversation(SCENARIO, EMITTERS[name].traits);
  expect(JSON.parse(text)).toMatchObject({ userId: 'user-1', messages });
});
