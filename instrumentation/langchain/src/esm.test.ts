import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startFakeProvider } from '@colloquy/fake-provider';
import { expect, test } from 'vitest';

/** As an application begins that imports, and does not require, LangChain. */
const application = (baseUrl: string): string => `
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
register('@opentelemetry/instrumentation/hook.mjs', pathToFileURL(process.cwd() + '/'));
const { context, trace } = await import('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } =
  await import('@opentelemetry/sdk-trace-base');
const { LangChainInstrumentation } = await import('@colloquy/instrumentation-langchain');
const exporter = new InMemorySpanExporter();
const spanProcessors = [new SimpleSpanProcessor(exporter)];
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
new LangChainInstrumentation();
const { ChatOpenAI } = await import('@langchain/openai');
const configuration = { baseURL: '${baseUrl}' };
const model = new ChatOpenAI({ model: 'gpt-4o', apiKey: 'k', configuration });
for await (const chunk of await model.stream('Hello?')) if (chunk.text !== '') break;
for (const { name, attributes } of exporter.getFinishedSpans())
  console.log(name, attributes['gen_ai.response.finish_reasons']);
`;

test('modules that are imported are patched too', async () => {
  const provider = await startFakeProvider({
    script: [{ user: 'Hello?', replies: [{ text: 'Hello!' }] }],
  });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', application(`${provider.url}/v1`)],
    { cwd: fileURLToPath(new URL('..', import.meta.url)) },
  );
  await provider.stop();
  expect(stdout).toBe("chat gpt-4o [ 'cancelled' ]\n");
}, 30_000);
