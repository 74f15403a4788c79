import { withThread } from '@colloquy/threads';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { trace } from '@opentelemetry/api';
import OpenAI from 'openai';

/** An application with OpenTelemetry of its own, set up after ours. */
const [baseURL, threadId, otherUrl] = process.argv.slice(2);
const exporter = new OTLPTraceExporter({ url: `${otherUrl}/v1/traces` });
const isSet = trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);
if (!isSet) throw new Error('was refused');

const client = new OpenAI({ baseURL, apiKey: 'key', maxRetries: 0 });
await withThread(String(threadId), () =>
  client.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Hello?' }],
  }),
);
