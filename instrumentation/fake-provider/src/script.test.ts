import { describe, expect, test } from 'vitest';
import type { ConversationMessage } from './conversation.js';
import { findReply, type Script } from './script.js';

const call = (id: string) => ({ id, name: 'look', arguments: { at: id } });
const SCRIPT: Script = [
  { user: 'ok', replies: [{ text: 'first' }] },
  { user: 'look', replies: [{ toolCalls: [call('a'), call('b')] }, { text: 'seen' }] },
  { user: 'ok', replies: [{ text: 'second' }], failFirst: 500 },
];

const user = (text: string): ConversationMessage => ({ role: 'user', text });
const assistant: ConversationMessage = { role: 'assistant', text: '' };
const result: ConversationMessage = { role: 'tool', text: '1' };

describe('findReply', () => {
  test('tells two equal user messages apart by their place', () => {
    expect(findReply(SCRIPT, [user('ok')])).toEqual({ reply: { text: 'first' } });
    const later = [user('ok'), assistant, user('look'), assistant, user('ok')];
    expect(findReply(SCRIPT, later)).toEqual({ reply: { text: 'second' }, failFirst: 500 });
  });

  test('waits for the results of all tool calls', () => {
    const asked = [user('ok'), assistant, user('look'), assistant];
    expect(findReply(SCRIPT, [...asked, result]).reply.toolCalls).toHaveLength(2);
    expect(findReply(SCRIPT, [...asked, result, result]).reply.text).toBe('seen');
  });

  test('echoes what is not in the script', () => {
    expect(findReply(SCRIPT, [user('hm')]).reply.text).toBe('You said: hm');
    expect(findReply(SCRIPT, []).reply.text).toBe('You said: ');
  });
});
