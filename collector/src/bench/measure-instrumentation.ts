import { createServer } from 'node:http';
import { listen, startFakeProvider } from '@colloquy/fake-provider';
import { wrapOpenAI } from '@colloquy/instrumentation-openai';
import { configure, openThread, ThreadSpanProcessor } from '@colloquy/threads';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import OpenAI from 'openai';
import { latencyFigures, percentile, type Figure } from './figures.js';
import type { Measure } from './measurement.js';
import { createRandom, createText } from './synthetic-text.js';

const CALLS = 2_000;
const WARM_UP = 300;
const HISTORY = 20;
const MESSAGE_SIZE = 500;
const TRACKED = 20_000;

type Message = OpenAI.ChatCompletionMessageParam;
type Call = () => Promise<void>;

/** What a chat sends: what was said so far, and a new question. */
function createHistory(): readonly Message[] {
  const random = createRandom(7);
  return Array.from({ length: HISTORY }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: createText(random, MESSAGE_SIZE),
  }));
}

const plain = async (client: OpenAI, messages: readonly Message[]): Promise<void> => {
  await client.chat.completions.create({ model: 'gpt-4o', messages: [...messages] });
};

async function streamed(client: OpenAI, messages: readonly Message[]): Promise<void> {
  const stream = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [...messages],
    stream: true,
  });
  let pieces = 0;
  for await (const piece of stream) pieces += piece.choices.length;
  if (pieces === 0) throw new Error('The stream was empty.');
}

/** Sends spans, with their content, to a server that takes them all; in this process, as an application does. */
async function startTelemetry() {
  const sink = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200).end());
  });
  const exporter = new OTLPTraceExporter({ url: `${await listen(sink)}/v1/traces` });
  const provider = new BasicTracerProvider({
    spanProcessors: [new ThreadSpanProcessor(), new BatchSpanProcessor(exporter)],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  configure({ captureContent: true });
  return {
    stop: async () => {
      await provider.shutdown();
      trace.disable();
      context.disable();
      configure({ captureContent: false });
      sink.close().closeAllConnections();
    },
  };
}

/** Milliseconds of one call: as they pass, and of this process's CPU, which others do not lengthen. */
interface Duration {
  readonly wall: number;
  readonly cpu: number;
}

async function timeOne(call: Call): Promise<Duration> {
  const before = process.cpuUsage();
  const start = performance.now();
  await call();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1_000 };
}

/** The same calls of two clients. */
interface Durations {
  readonly bare: readonly Duration[];
  readonly recorded: readonly Duration[];
}

/** Calls in turns, each first as often as the other, so that both meet the same machine. */
async function timeBoth(bare: Call, recorded: Call, signal: AbortSignal): Promise<Durations> {
  const durations: Record<keyof Durations, Duration[]> = { bare: [], recorded: [] };
  for (let index = -WARM_UP; index < CALLS; index += 1) {
    signal.throwIfAborted();
    const isBareFirst = index % 2 === 0;
    const first = await timeOne(isBareFirst ? bare : recorded);
    const second = await timeOne(isBareFirst ? recorded : bare);
    if (index < 0) continue;
    durations.bare.push(isBareFirst ? first : second);
    durations.recorded.push(isBareFirst ? second : first);
  }
  return durations;
}

const added = (
  name: string,
  { bare, recorded }: Durations,
  clock: keyof Duration,
  ranks: readonly number[],
): readonly Figure[] =>
  ranks.map((rank) => {
    const at = (durations: readonly Duration[]): number =>
      percentile(
        durations.map((duration) => duration[clock]),
        rank / 100,
      );
    return { name: `${name} p${rank}`, value: at(recorded) - at(bare), unit: 'ms' };
  });

const describe = (name: string, durations: Durations): readonly Figure[] => [
  ...latencyFigures(
    `${name}, bare`,
    durations.bare.map(({ wall }) => wall),
  ),
  ...latencyFigures(
    `${name}, recorded`,
    durations.recorded.map(({ wall }) => wall),
  ),
  ...added(`${name}, added`, durations, 'wall', [50, 99]),
  ...added(`${name}, added CPU`, durations, 'cpu', [50, 99]),
];

function timeTracking(): readonly number[] {
  const thread = openThread({ userId: 'ada', tags: ['bench'] });
  const content = createText(createRandom(8), MESSAGE_SIZE);
  return Array.from({ length: TRACKED }, () => {
    const start = performance.now();
    thread.trackMessage({ role: 'user', content });
    return performance.now() - start;
  });
}

/** What our instrumentation adds to the calls of an application, against the fake provider. */
export const measureInstrumentation: Measure = async ({ progress, signal }) => {
  const provider = await startFakeProvider();
  const telemetry = await startTelemetry();
  try {
    const clientOf = (): OpenAI =>
      new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'k', maxRetries: 0 });
    const bare = clientOf();
    const recorded = wrapOpenAI(clientOf());
    const thread = openThread({ userId: 'ada' });
    const messages = createHistory();
    const figures: Figure[] = [];
    for (const [name, call] of Object.entries({ plain, streamed })) {
      progress(`${name} calls`);
      const durations = await timeBoth(
        () => call(bare, messages),
        () => thread.run(() => call(recorded, messages)),
        signal,
      );
      figures.push(...describe(`${name} call`, durations));
    }
    progress('tracked messages');
    figures.push(...latencyFigures('trackMessage', timeTracking()));
    const title = `OpenAI SDK with ${HISTORY} messages of ${MESSAGE_SIZE} characters, content captured`;
    return [{ title, figures }];
  } finally {
    await telemetry.stop();
    await provider.stop();
  }
};
