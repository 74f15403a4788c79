import { describe, expect, test } from 'vitest';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { PRODUCERS } from '../producers/index.js';
import { listRecordings } from '../recorder/recording-file.js';
import { loadRecording } from './load-recording.js';

/** Without what is the same everywhere, so that a reviewer sees what a dialect gave. */
const compact = (value: object): object =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([, item]) => item !== undefined && !(Array.isArray(item) && item.length === 0),
    ),
  );

const producers = PRODUCERS.filter(({ name }) => listRecordings(name).includes('travel'));

describe.each(producers)('$name', ({ name }) => {
  test('has the meaning on file', async () => {
    const meanings = loadRecording(name).requests.flatMap(({ spans, logs }) => [
      ...spans.map((span) => ({ span: span.name, ...compact(normaliseSpan(span).genAi) })),
      ...logs.map((log) => ({ log: log.eventName, ...compact(normaliseLog(log).genAi) })),
    ]);
    const text = `${JSON.stringify(meanings, undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`../../test/golden/${name}.json`);
  });
});
