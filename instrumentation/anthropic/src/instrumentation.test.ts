import { readFileSync } from 'node:fs';
import { runProgram, startFakeProvider, type Loading } from '@colloquy/fake-provider';
import { expect, test } from 'vitest';
import { VERSION } from './version.js';

const FOLDER = new URL('..', import.meta.url).pathname;

const PROGRAM = `
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } =
    await load('@opentelemetry/sdk-trace-base');
  const { registerInstrumentations } = await load('@opentelemetry/instrumentation');
  const { AnthropicInstrumentation, wrapAnthropic } =
    await load('@colloquy/instrumentation-anthropic');
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const instrumentation = new AnthropicInstrumentation();
  registerInstrumentations({ tracerProvider, instrumentations: [instrumentation] });
  const { Anthropic } = await load('@anthropic-ai/sdk');
  const client = new Anthropic({ baseURL: process.env.PROVIDER, apiKey: 'k', maxRetries: 0 });
  const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hello?' }] };
  await client.messages.create(body);
  await client.beta.messages.create(body);
  wrapAnthropic(client);
  await client.messages.create(body);
  const told = exporter.getFinishedSpans().length;
  instrumentation.disable();
  await client.beta.messages.create(body);
  console.log(JSON.stringify({ told, later: exporter.getFinishedSpans().length - told }));
`;

test.each<Loading>(['import', 'require'])(
  'records each call of a module loaded by %s once, until it is disabled',
  async (loading) => {
    const provider = await startFakeProvider({ script: [] });
    const env = { PROVIDER: provider.url };
    const printed = await runProgram(PROGRAM, { loading, folder: FOLDER, env });
    await provider.stop();
    expect(printed).toEqual({ told: 3, later: 0 });
  },
);

/** As `@anthropic-ai/bedrock-sdk` and `@anthropic-ai/vertex-sdk` are made. */
const CLOUD_PROGRAM = `
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } =
    await load('@opentelemetry/sdk-trace-base');
  const { registerInstrumentations } = await load('@opentelemetry/instrumentation');
  const { AnthropicInstrumentation } = await load('@colloquy/instrumentation-anthropic');
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  registerInstrumentations({ tracerProvider, instrumentations: [new AnthropicInstrumentation()] });
  const { BaseAnthropic } = await load('@anthropic-ai/sdk/client');
  const { Messages } = await load('@anthropic-ai/sdk/resources/index');
  class Cloud extends BaseAnthropic {
    messages = new Messages(this);
  }
  const client = new Cloud({ baseURL: process.env.PROVIDER, apiKey: 'k', maxRetries: 0 });
  const messages = [{ role: 'user', content: 'Hello?' }];
  await client.messages.create({ model: 'm', max_tokens: 9, messages });
  console.log(JSON.stringify(exporter.getFinishedSpans().map(({ name }) => name)));
`;

test.each<Loading>(['import', 'require'])(
  'records the clients for clouds, loaded by %s',
  async (loading) => {
    const provider = await startFakeProvider({ script: [] });
    const env = { PROVIDER: provider.url };
    const printed = await runProgram(CLOUD_PROGRAM, { loading, folder: FOLDER, env });
    await provider.stop();
    expect(printed).toEqual(['chat m']);
  },
);

test('the version is that of the package', () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  expect(VERSION).toBe(version);
});
