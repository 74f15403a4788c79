import { readFileSync } from 'node:fs';
import { runProgram, startFakeProvider, type Loading } from '@colloquy/fake-provider';
import { expect, test } from 'vitest';
import { VERSION } from './version.js';

const FOLDER = new URL('..', import.meta.url).pathname;

const PROGRAM = `
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } =
    await load('@opentelemetry/sdk-trace-base');
  const { registerInstrumentations } = await load('@opentelemetry/instrumentation');
  const { GoogleGenAIInstrumentation, wrapGoogleGenAI } =
    await load('@colloquy/instrumentation-google-genai');
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const instrumentation = new GoogleGenAIInstrumentation();
  registerInstrumentations({ tracerProvider, instrumentations: [instrumentation] });
  const { GoogleGenAI } = await load('@google/genai');
  class Own extends GoogleGenAI {}
  const options = { apiKey: 'k', httpOptions: { baseUrl: process.env.PROVIDER } };
  const asked = { model: 'gemini-3-pro', contents: 'Hello?' };
  const client = new Own(options);
  await client.models.generateContent(asked);
  await wrapGoogleGenAI(client).chats.create({ model: 'gemini-3-pro' }).sendMessage({ message: 'Hi' });
  const told = exporter.getFinishedSpans().map(({ name }) => name);
  instrumentation.disable();
  await client.models.generateContent(asked);
  console.log(JSON.stringify({
    told,
    later: exporter.getFinishedSpans().length - told.length,
    isOwn: client instanceof Own && client instanceof GoogleGenAI,
  }));
`;

test.each<Loading>(['import', 'require'])(
  'records each call of a module loaded by %s once, until it is disabled',
  async (loading) => {
    const provider = await startFakeProvider({ script: [] });
    const env = { PROVIDER: provider.url };
    const printed = await runProgram(PROGRAM, { loading, folder: FOLDER, env });
    await provider.stop();
    const name = 'generate_content gemini-3-pro';
    expect(printed).toEqual({ told: [name, name], later: 0, isOwn: true });
  },
);

test('the version is that of the package', () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  expect(VERSION).toBe(version);
});
