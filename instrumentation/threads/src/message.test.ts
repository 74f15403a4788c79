import { expect, test } from 'vitest';
import { toPart } from './message.js';

test("a provider's own tools are told by what they are, as calls and as results", () => {
  const call = { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'x' } };
  expect(toPart(call)).toEqual({
    type: 'server_tool_call',
    id: 's1',
    name: 'web_search',
    server_tool_call: { type: 'web_search', input: { query: 'x' } },
  });
  expect(toPart({ type: 'web_search_tool_result', tool_use_id: 's1', content: [] })).toEqual({
    type: 'server_tool_call_response',
    id: 's1',
    server_tool_call_response: { type: 'web_search', content: [] },
  });
});
