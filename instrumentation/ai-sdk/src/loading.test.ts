import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProgram, startFakeProvider, type Loading } from '@colloquy/fake-provider';
import { expect, test } from 'vitest';

const INSTALLED = dirname(dirname(createRequire(import.meta.url).resolve('ai6/package.json')));

/** The folder of an application that has installed one major, by its own name. */
async function applicationWith(major: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-ai-sdk-'));
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(INSTALLED))
    if (name !== 'ai' && !name.startsWith('.'))
      await symlink(join(INSTALLED, name), join(modules, name));
  await symlink(join(INSTALLED, major), join(modules, 'ai'));
  return folder;
}

const programOf = (major: string): string => `
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } =
    await load('@opentelemetry/sdk-trace-base');
  const { registerInstrumentations } = await load('@opentelemetry/instrumentation');
  const { AISdkInstrumentation } = await load('@colloquy/instrumentation-ai-sdk');
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const instrumentation = new AISdkInstrumentation();
  registerInstrumentations({ tracerProvider, instrumentations: [instrumentation] });
  const { generateText, streamText } = await load('ai');
  const { createOpenAI } = await load('${major}-openai');
  const model = createOpenAI({ baseURL: process.env.PROVIDER, apiKey: 'k' }).chat('gpt-4o');
  await generateText({ model, prompt: 'Hello?' });
  await streamText({ model, prompt: 'Hello?' }).text;
  const told = exporter.getFinishedSpans().length;
  instrumentation.disable();
  await generateText({ model, prompt: 'Hello?' });
  console.log(JSON.stringify({ told, later: exporter.getFinishedSpans().length - told }));
`;

test.each<[string, Loading]>([
  ['ai5', 'import'],
  ['ai5', 'require'],
  ['ai6', 'import'],
  ['ai6', 'require'],
  ['ai7', 'import'],
])(
  'records each call of %s, loaded by %s, once, until it is disabled',
  async (major, loading) => {
    const provider = await startFakeProvider({
      script: [{ user: 'Hello?', replies: [{ text: 'Hello!' }] }],
    });
    const folder = await applicationWith(major);
    const env = { PROVIDER: `${provider.url}/v1`, NODE_OPTIONS: '--preserve-symlinks' };
    const printed = await runProgram(programOf(major), { loading, folder, env });
    await provider.stop();
    await rm(folder, { recursive: true });
    expect(printed).toEqual({ told: 2, later: 0 });
  },
  30_000,
);
