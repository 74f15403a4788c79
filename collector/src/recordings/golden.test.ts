import { describe, expect, test } from 'vitest';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { loadRecording, RECORDED_PRODUCERS } from './load-recording.js';

/** Without what is the same everywhere, so that a reviewer sees what a dialect gave. */
const compact = (value: object): object =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([, item]) => item !== undefined && !(Array.isArray(item) && item.length === 0),
    ),
  );

describe.each(RECORDED_PRODUCERS.map(loadRecording))('$producer', ({ producer, requests }) => {
  test('has the meaning on file', async () => {
    const meanings = requests.flatMap(({ spans, logs }) => [
      ...spans.map((span) => ({ span: span.name, ...compact(normaliseSpan(span).genAi) })),
      ...logs.map((log) => ({ log: log.eventName, ...compact(normaliseLog(log).genAi) })),
    ]);
    const text = `${JSON.stringify(meanings, undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`../../test/golden/${producer}.json`);
  });
});
