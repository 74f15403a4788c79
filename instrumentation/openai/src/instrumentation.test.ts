import { readFileSync } from 'node:fs';
import { runProgram, type Loading } from '@colloquy/fake-provider';
import { trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { OpenAIInstrumentation, wrapOpenAI } from './index.js';
import { MAJORS } from './testing/majors.js';
import { recorded } from './testing/recorded.js';
import { VERSION } from './version.js';

const { baseURL, spans } = recorded();
const FOLDER = new URL('..', import.meta.url).pathname;
const hello = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello?' }] };

describe.each(MAJORS)('the class of version %s', (_major, Client) => {
  const instrumentation = new OpenAIInstrumentation({ enabled: false });
  const [definition] = instrumentation.getModuleDefinitions();
  const module = { OpenAI: Client };

  test('is patched, once with a wrap, and set back', async () => {
    instrumentation.setTracerProvider(trace.getTracerProvider());
    instrumentation.enable();
    definition?.patch?.(module);
    const client = new Client({ baseURL: baseURL(), apiKey: 'k', maxRetries: 0 });
    await client.chat.completions.create(hello);
    await client.responses.create({ model: 'm', input: 'Hello?' });
    await client.embeddings.create({ model: 'm', input: 'Hello?' });
    await wrapOpenAI(client).chat.completions.create(hello);
    expect(spans().map(({ name }) => name)).toEqual(['chat m', 'chat m', 'embeddings m', 'chat m']);
    instrumentation.disable();
    // What the application calls on an answer has to be there.
    await client.chat.completions.create(hello).setParent('m1');
    definition?.unpatch?.(module);
    const plain = new Client({ baseURL: baseURL(), apiKey: 'k', maxRetries: 0 });
    await plain.chat.completions.create(hello);
    expect(spans()).toHaveLength(4);
  });
});

const PROGRAM = `
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } =
    await load('@opentelemetry/sdk-trace-base');
  const { registerInstrumentations } = await load('@opentelemetry/instrumentation');
  const { OpenAIInstrumentation } = await load('@colloquy/instrumentation-openai');
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  registerInstrumentations({ tracerProvider, instrumentations: [new OpenAIInstrumentation()] });
  const { OpenAI } = await load('openai');
  const client = new OpenAI({ baseURL: process.env.PROVIDER, apiKey: 'k', maxRetries: 0 });
  const messages = [{ role: 'user', content: 'Hello?' }];
  const { choices } = await client.chat.completions.create({ model: 'm', messages });
  for await (const _ of await client.responses.create({ model: 'm', input: 'x', stream: true }));
  const names = exporter.getFinishedSpans().map(({ name }) => name);
  console.log(JSON.stringify([choices[0].message.content, ...names]));
`;

test.each<Loading>(['import', 'require'])('a module loaded by %s is recorded', async (loading) => {
  const env = { PROVIDER: baseURL() };
  await expect(runProgram(PROGRAM, { loading, folder: FOLDER, env })).resolves.toEqual([
    'Hello!',
    'chat m',
    'chat m',
  ]);
});

test('the version is that of the package', () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  expect(VERSION).toBe(version);
});
