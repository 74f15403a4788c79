import { describe, expect, test } from 'vitest';
import { loadRecording, RECORDED_PRODUCERS } from './load-recording.js';
import { mainLine, rebuildInMemory } from './rebuild-in-memory.js';

describe.each(RECORDED_PRODUCERS.map(loadRecording))('$producer', ({ requests, expected }) => {
  const conversations = rebuildInMemory(requests);

  test('is one thread', () => {
    expect(conversations.map(({ threadId }) => threadId)).toEqual([expected.threadId]);
  });

  test('gives the conversation word for word', () => {
    expect(conversations[0] && mainLine(conversations[0])).toEqual(expected.messages);
  });

  test('knows the user', () => {
    expect(conversations[0]?.userIds).toEqual([expected.userId]);
  });

  test('leaves nothing beside the main line', () => {
    expect(conversations[0]?.messages.filter(({ line }) => line !== 'main')).toEqual([]);
  });
});
