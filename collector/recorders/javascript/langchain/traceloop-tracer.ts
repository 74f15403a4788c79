import * as callbackManagerModule from '@langchain/core/callbacks/manager';
import * as traceloop from '@traceloop/node-server-sdk';
import type { Play, PlayThread } from '../../../dist/recorder/play.js';
import { ChainTracer } from './chain-tracer.js';

/** Traceloop's SDK, which sets up tracing by itself: a request a span. */
export class TraceloopTracer extends ChainTracer {
  constructor(play: Play) {
    super(play);
    traceloop.initialize({
      appName: 'langchain-traceloop',
      baseUrl: play.otlpUrl,
      apiKey: 'none',
      disableBatch: true,
      silenceInitializationMessage: true,
      traceloopSyncEnabled: false,
      traceContent: play.scenario.capture ?? true,
      instrumentModules: { langchain: { callbackManagerModule } },
    });
  }

  override conversation(
    { threadId: session_id, userId: user_id }: PlayThread,
    asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    return traceloop.withAssociationProperties({ session_id, user_id }, () =>
      traceloop.withWorkflow({ name: 'chat_turn' }, (_asked: string | undefined) => run(), asked),
    );
  }

  override flush(): Promise<void> {
    return traceloop.forceFlush();
  }
}
