import { expect, test } from 'vitest';
import { loadRecording } from '../recordings/load-recording.js';
import { rebuildInMemory } from '../recordings/rebuild-in-memory.js';
import { encodeConversation } from './encode-derived.js';

test('a conversation whose tools ran has rows, the same each time', () => {
  const conversations = rebuildInMemory(loadRecording('ai-v5').requests);
  const ran = conversations.filter(({ messages }) =>
    messages.some(({ toolExecutions }) => toolExecutions.length > 0),
  );
  expect(ran).not.toEqual([]);
  for (const conversation of ran) {
    const digests = () =>
      [...encodeConversation('default', conversation, new Map()).values()].map(
        ({ digest }) => digest,
      );
    expect(digests()).toEqual(digests());
  }
});
