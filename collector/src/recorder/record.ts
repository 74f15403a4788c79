import { homedir, hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startFakeProvider, type ReceivedRequest } from '@colloquy/fake-provider';
import type { Producer } from '../producers/producer.js';
import type { Scenario } from '../scenarios/scenario.js';
import { repliesOf, threadsOf, type Play } from './play.js';
import { runApp } from './run-app.js';
import { startSink, type SinkRequest } from './sink.js';
import { writeRecording } from './recording-file.js';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** A host called "vm" or a home of "/" tells nothing, and such letters stand anywhere. */
const MIN_NAME = 3;

/** Recordings are published: they must not tell where they were made. */
function assertNeutral(requests: readonly SinkRequest[]): void {
  for (const text of [hostname(), homedir(), REPOSITORY]) {
    if (text.length > MIN_NAME && requests.some(({ body }) => body.includes(text)))
      throw new Error(`recorded something of this machine: ${text}`);
  }
}

const sumUsage = (requests: readonly ReceivedRequest[]) => ({
  inputTokens: requests.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0), 0),
  outputTokens: requests.reduce((sum, { usage }) => sum + (usage?.outputTokens ?? 0), 0),
});

/** The app must have made the calls of the script, no more and no fewer. */
function assertPlayed(scenario: Scenario, requests: readonly ReceivedRequest[]): void {
  const scripted = repliesOf(scenario)('').length;
  if (requests.length !== scripted)
    throw new Error(`the script has ${scripted} calls, the app made ${requests.length}`);
}

/** The ids of conversations that an app gave itself, in the last line that it printed. */
function ownThreads(printed: string): Play['threads'] {
  const line = printed.trimEnd().split('\n').at(-1) ?? '';
  return line.startsWith('{"threads":') ? (JSON.parse(line) as Pick<Play, 'threads'>).threads : {};
}

/**
 * Plays a scenario through a producer's app and keeps what it exports.
 *
 * @returns the number of requests on file
 * @throws Error when the app fails, calls otherwise than scripted, or tells of this machine
 */
export async function record(producer: Producer, told: Scenario): Promise<number> {
  const scenario = producer.traits.script?.(told) ?? told;
  const idPrefix = `${producer.name}-${scenario.name}-`;
  const provider = await startFakeProvider({ replies: repliesOf(scenario), idPrefix });
  const sink = await startSink();
  const threads = threadsOf(producer.name, scenario);
  let own: Play['threads'] = {};
  const play: Play = { otlpUrl: sink.url, providerUrl: provider.url, scenario, threads };
  try {
    own = ownThreads(await runApp(producer.app, play));
    assertPlayed(scenario, provider.requests);
  } finally {
    sink.stop();
    await provider.stop();
  }
  const requests = sink.requests.filter(({ signal }) => signal !== 'metrics');
  assertNeutral(requests);
  const usage = sumUsage(provider.requests);
  const header = {
    producer: producer.name,
    scenario: scenario.name,
    threads: { ...threads, ...own },
    usage,
  };
  writeRecording({ header, requests });
  return requests.length;
}
