import { describe, expect, test } from 'vitest';
import { loadRecording, RECORDED_PRODUCERS } from './load-recording.js';
import { mainLine, rebuildInMemory } from './rebuild-in-memory.js';

describe.each(RECORDED_PRODUCERS.map(loadRecording))('$producer', ({ requests, expected }) => {
  const conversations = rebuildInMemory(requests);

  test('is one thread', () => {
    expect(conversations.map(({ threadId }) => threadId)).toHaveLength(1);
  });

  test('gives the conversation word for word', () => {
    expect(conversations[0] && mainLine(conversations[0])).toEqual(expected);
  });

  test('leaves nothing beside the main line', () => {
    expect(conversations[0]?.messages.filter(({ line }) => line !== 'main')).toEqual([]);
  });
});
