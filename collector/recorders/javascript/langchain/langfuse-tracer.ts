import type { RunnableConfig } from '@langchain/core/runnables';
import { CallbackHandler } from '@langfuse/langchain';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Play, PlayThread } from '../../../dist/recorder/play.js';
import { ChainTracer } from './chain-tracer.js';

/** Langfuse's handler, told the ids; its processor exports all spans, those of the app too. */
export class LangfuseTracer extends ChainTracer {
  constructor(play: Play) {
    const processor = new LangfuseSpanProcessor({
      publicKey: 'pk-lf-play',
      secretKey: 'sk-lf-play',
      baseUrl: play.otlpUrl,
      shouldExportSpan: () => true,
      ...(play.scenario.capture === false && { mask: () => '[REDACTED]' }),
    });
    const provider = new NodeTracerProvider({ spanProcessors: [processor] });
    provider.register();
    super(play, [provider]);
  }

  override config({ threadId: sessionId, userId }: PlayThread): RunnableConfig {
    return { callbacks: [new CallbackHandler(this.tellsIds ? { sessionId, userId } : {})] };
  }

  override conversation(
    _thread: unknown,
    _asked: unknown,
    run: () => Promise<string>,
  ): Promise<string> {
    return run();
  }
}
