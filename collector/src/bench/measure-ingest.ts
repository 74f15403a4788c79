import { collect, createChatRequests, createPlainRequests } from './create-requests.js';
import { latencyFigures, megabytes, type Figure, type Section } from './figures.js';
import type { BenchOptions, Measure } from './measurement.js';
import { cpuSeconds, peakMemory } from './process-usage.js';
import { startRecorder, type RecordedExport } from './record-requests.js';
import { sendRequests, type SendResult } from './send-requests.js';
import { SPAN_SHAPES } from './span-shapes.js';
import { spawnCollector, type CollectorProcess } from './spawn-collector.js';
import { contentBytes, createThread, type ThreadPlan } from './synthetic-threads.js';
import { diskUsage, withTemporaryFolder } from './temporary-folder.js';
import { waitForTurns } from './wait-for-threads.js';

const IN_FLIGHT = 4;
const PLAIN_REQUESTS = 40;
const REBUILD_TIMEOUT_MS = 120_000;

const planOf = ({ threads }: BenchOptions): ThreadPlan => ({
  name: 'ingest',
  threads,
  turns: 20,
  messageSize: 2_000,
});

async function prepare(
  options: BenchOptions,
): Promise<Readonly<Record<'chat' | 'plain', readonly RecordedExport[]>>> {
  const { progress, signal } = options;
  progress('making requests');
  const recorder = await startRecorder();
  try {
    const chat = createChatRequests(recorder, planOf(options), SPAN_SHAPES.otel);
    const plain = createPlainRequests(recorder, PLAIN_REQUESTS);
    return { chat: await collect(chat, signal), plain: await collect(plain, signal) };
  } finally {
    await recorder.stop();
  }
}

/** Runs it and adds what the processes spent meanwhile. */
async function withCpu(
  { pid, enginePid = -1 }: CollectorProcess,
  send: () => Promise<SendResult>,
): Promise<readonly Figure[]> {
  const before = [cpuSeconds(pid), cpuSeconds(enginePid)] as const;
  const { spans, bytes, seconds, latenciesMs, refusals } = await send();
  const perThousand = (now: number, then: number): number => ((now - then) * 1_000) / spans;
  return [
    { name: 'spans sent', value: spans, unit: 'count', note: `${latenciesMs.length} requests` },
    { name: 'acknowledged', value: spans / seconds, unit: 'spans/s' },
    { name: 'acknowledged', value: megabytes(bytes) / seconds, unit: 'MB/s' },
    ...latencyFigures('ack', latenciesMs, `${IN_FLIGHT} requests in flight`),
    { name: 'asked to come back', value: refusals, unit: 'count' },
    {
      name: 'CPU of the collector per 1,000 spans',
      value: perThousand(cpuSeconds(pid), before[0]),
      unit: 's',
    },
    {
      name: 'CPU of ClickHouse per 1,000 spans',
      value: perThousand(cpuSeconds(enginePid), before[1]),
      unit: 's',
    },
  ];
}

/** Generation spans with their whole history, then plain spans, into a collector of its own process. */
export const measureIngest: Measure = async (options) => {
  const { signal, profileDir } = options;
  const requests = await prepare(options);
  return withTemporaryFolder(async (dataDir) => {
    const collector = await spawnCollector({ dataDir, profileDir, signal });
    try {
      const chat = await measureChat(collector, requests.chat, dataDir, options);
      options.progress('sending plain spans');
      const send = { url: collector.url, inFlight: IN_FLIGHT, signal };
      const figures = await withCpu(collector, () => sendRequests(requests.plain, send));
      return [chat, { title: 'Ingest of plain spans', figures }];
    } finally {
      await collector.stop();
    }
  });
};

async function measureChat(
  collector: CollectorProcess,
  requests: readonly RecordedExport[],
  dataDir: string,
  options: BenchOptions,
): Promise<Section> {
  const { url, pid, enginePid = -1 } = collector;
  const { signal, progress } = options;
  const plan = planOf(options);
  const emptyBytes = await diskUsage(dataDir);
  progress('sending generation spans');
  const figures = await withCpu(collector, () =>
    sendRequests(requests, { url, inFlight: IN_FLIGHT, signal }),
  );
  const acknowledged = performance.now();
  progress('waiting for the rebuild');
  await waitForTurns(url, plan.threads * plan.turns, { signal, timeoutMs: REBUILD_TIMEOUT_MS });
  const lag = (performance.now() - acknowledged) / 1_000;
  const unique = Array.from({ length: plan.threads }, (_, index) =>
    contentBytes(createThread(plan, index)),
  ).reduce((sum, bytes) => sum + bytes, 0);
  const stored = (await diskUsage(dataDir)) - emptyBytes;
  return {
    title: `Ingest of ${plan.threads} threads of ${plan.turns} turns that re-send their history`,
    figures: [
      ...figures,
      { name: 'memory of the collector, peak', value: megabytes(peakMemory(pid)), unit: 'MB' },
      { name: 'memory of ClickHouse, peak', value: megabytes(peakMemory(enginePid)), unit: 'MB' },
      { name: 'lists complete after the last ack', value: lag, unit: 's' },
      { name: 'unique content', value: megabytes(unique), unit: 'MB' },
      { name: 'on disk', value: megabytes(stored), unit: 'MB', note: 'before merges' },
      { name: 'on disk to unique content', value: stored / unique, unit: 'x' },
    ],
  };
}
