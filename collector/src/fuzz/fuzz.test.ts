import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readCorpus } from './corpus.js';
import { fuzzInProcess } from './in-process.js';
import { createPayload } from './payload.js';

const SEED = 5;
const TIMEOUT_MS = 60_000;

const corpus = readCorpus();
const signal = new AbortController().signal;
const progress = (): void => undefined;

test('a payload depends on its seed and number alone', () => {
  const bodies = [0, 1, 2].map((number) => createPayload(corpus, SEED, number).body);
  expect(createPayload(corpus, SEED, 1).body).toEqual(bodies[1]);
  expect(createPayload(corpus, SEED + 1, 1).body).not.toEqual(bodies[1]);
  expect(new Set(bodies.map(String)).size).toBe(3);
});

test(
  'hostile payloads are taken or refused, and nothing else',
  async () => {
    const result = await fuzzInProcess({
      corpus,
      seed: SEED,
      from: 0,
      payloads: 3_000,
      progress,
      signal,
    });
    expect(result).toMatchObject({ crashed: [], slow: [] });
    expect(result.taken).toBeGreaterThan(1_000);
    expect(result.refused).toBeGreaterThan(500);
  },
  TIMEOUT_MS,
);

/** The tool as a user runs it; `npm test` builds it first. */
const MAIN = fileURLToPath(new URL('../../dist/fuzz/main.js', import.meta.url));

test(
  'a collector answers each, and serves on',
  async () => {
    const argv = [
      MAIN,
      '--payloads',
      '300',
      '--sent',
      '300',
      '--connections',
      '0',
      '--seed',
      String(SEED),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, argv);
    expect(stdout).toMatch(/sent: 300, answered 200 \d+/);
    expect(stdout).toMatch(
      /^crashed: 0 unanswered: 0 of 300 payloads, memory \d+ MB at the start/m,
    );
  },
  TIMEOUT_MS,
);
