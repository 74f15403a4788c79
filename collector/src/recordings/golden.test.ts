import { describe, expect, test } from 'vitest';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { PRODUCERS } from '../producers/index.js';
import { listRecordings } from '../recorder/recording-file.js';
import { loadRecording } from './load-recording.js';

/** Told of each message by the API; the version would change every file with each change of a rule. */
const PROVENANCE: ReadonlySet<string> = new Set([
  'systemKey',
  'inputKey',
  'outputKey',
  'ruleVersion',
]);

/** Without what is the same everywhere, so that a reviewer sees what a dialect gave. */
const compact = (value: object): object =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([name, item]) =>
        !PROVENANCE.has(name) && item !== undefined && !(Array.isArray(item) && item.length === 0),
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
