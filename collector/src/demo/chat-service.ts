/*
 * The chat service as a program: `node chat-service.js <OTLP URL> <provider URL>`. Tells its own
 * URL to the process that forked it, and ends when that one disconnects.
 */
import { register } from 'node:module';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { startLogging, startTracing } from '../emitters/telemetry.js';
import { startHttpServer } from '../http-server.js';
import { createChatApp } from './chat-app.js';

const SERVICE_NAME = 'demo-chat';

const [otlpUrl, providerUrl] = process.argv.slice(2);
if (otlpUrl === undefined || providerUrl === undefined) {
  throw new Error('usage: chat-service.js <OTLP URL> <provider URL>');
}

// Ctrl-C in a terminal reaches every process; this one waits for its parent to let it go.
process.on('SIGINT', () => undefined);
const telemetry = [startTracing(SERVICE_NAME, otlpUrl), startLogging(SERVICE_NAME, otlpUrl)];
registerInstrumentations({
  instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })],
});
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
// Only what is imported after the hook is patched.
const { OpenAI } = await import('openai');
const client = new OpenAI({ baseURL: `${providerUrl}/v1`, apiKey: 'demo', maxRetries: 0 });
const server = await startHttpServer(createChatApp(client), { host: '127.0.0.1', port: 0 });

process.once('disconnect', () => {
  void server
    .stop()
    .then(() => Promise.allSettled(telemetry.map((provider) => provider.shutdown())))
    .finally(() => process.exit());
});
process.send?.({ url: `http://127.0.0.1:${server.port}` });
