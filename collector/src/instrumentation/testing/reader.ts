import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  messageListShape,
  threadDetailShape,
  type MessageAnswer,
  type Part,
  type ThreadDetailAnswer,
} from '@colloquy/schema';
import { ThreadSpanProcessor } from '@colloquy/threads';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, inject } from 'vitest';
import { readConfig } from '../../config.js';
import { startService } from '../../service.js';
import { createDataDir } from '../../store/testing/data-dir.js';
import { settled } from '../../store/testing/settled.js';

const dataDir = createDataDir();

/** A conversation as the API tells it. */
interface Told {
  readonly thread: ThreadDetailAnswer;
  readonly messages: readonly MessageAnswer[];
  /** `role: text (source)`; `branch` or `side_call` in front where it is not the main line. */
  readonly lines: readonly string[];
}

/** A collector that takes what this process reports, and tells it. */
export interface Reader {
  readonly url: string;
  /** What the API answers. */
  ask(path: string): Promise<unknown>;
  /** What it tells of a thread once all that was reported so far has been taken in. */
  read(threadId: string): Promise<Told>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text' ? part.content : part.type)).join('+');

const lineOf = ({ line, role, parts, source }: MessageAnswer): string =>
  `${line === 'main' ? '' : `${line} `}${role}: ${textOf(parts)} (${source})`;

/** Starts a collector, and the real OpenTelemetry SDK in this process as an application does. */
export async function openReader(database: string): Promise<Reader> {
  const { url, username, password } = inject('clickhouse');
  const config = readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', '127.0.0.1:0'], {
    COLLOQUY_DATA_DIR: join(dataDir, randomUUID()),
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: database,
  });
  const reports: string[] = [];
  const service = await startService(config, (message) => reports.push(message));
  const exporter = new OTLPTraceExporter({ url: `${service.httpUrl}/v1/traces` });
  const provider = new BasicTracerProvider({
    spanProcessors: [new ThreadSpanProcessor(), new BatchSpanProcessor(exporter)],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`${service.httpUrl}/api/v1${path}`);
    expect(response.status).toBe(200);
    return response.json();
  };
  const flush = async (): Promise<void> => {
    await provider.forceFlush();
    await settled(service.httpUrl);
  };
  return {
    url: service.httpUrl,
    ask,
    flush,
    read: async (threadId) => {
      await flush();
      const path = `/threads/${encodeURIComponent(threadId)}`;
      const { messages } = messageListShape.parse(await ask(`${path}/messages?include=branches`));
      const thread = threadDetailShape.parse(await ask(path));
      return { thread, messages, lines: messages.map(lineOf) };
    },
    close: async () => {
      await provider.shutdown();
      trace.disable();
      context.disable();
      await service.stop();
      expect(reports).toEqual([]);
    },
  };
}
