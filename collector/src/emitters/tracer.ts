import { SpanKind, trace, type Attributes, type Span } from '@opentelemetry/api';
import type { Json } from '@colloquy/schema';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import type { Play, PlayThread } from '../recorder/play.js';
import type { ToolCall } from './app.js';
import type { Flushable } from './telemetry.js';

const idsOf = ({ threadId, userId }: PlayThread): Attributes => ({
  'session.id': threadId,
  'user.id': userId,
});

/**
 * What all tracers have in common: the app's own spans around a step, and where the ids stand. A
 * tracer sets itself up in its constructor and overrides what it has its own way for.
 */
export class Tracer {
  readonly play: Play;
  readonly #providers: readonly Flushable[];

  /** @param providers - those that the app registered itself */
  constructor(play: Play, providers: readonly Flushable[] = []) {
    this.play = play;
    this.#providers = providers;
  }

  /** Sends what has ended. */
  async flush(): Promise<void> {
    for (const provider of this.#providers) await provider.forceFlush();
  }

  async shutdown(): Promise<void> {
    for (const provider of this.#providers) await provider.shutdown();
  }

  /**
   * Puts thread and user where this tracer's users put them: on the app's root span unless overridden.
   * @param asked - what the user said, `undefined` when an answer is asked for again
   * @param run - resolves to what the user is answered
   */
  async conversation(
    thread: PlayThread,
    _asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    trace.getActiveSpan()?.setAttributes(idsOf(thread));
    return run();
  }

  /** Runs a tool, in a span of its own where the tracer has one for it. */
  tool(_call: ToolCall, run: () => Promise<Json>): Promise<Json> {
    return run();
  }

  /** Runs a step in a root span, the ids where the scenario has them. */
  async step(
    thread: PlayThread,
    asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<void> {
    const where = this.play.scenario.threadIdOn;
    await this.#inRoot(async (root) => {
      if (where === 'root') root.setAttributes(idsOf(thread));
      if (where === 'child') endedSpan('load history', idsOf(thread));
      await (where === undefined ? this.conversation(thread, asked, run) : run());
      if (where === 'last') endedSpan('save history', idsOf(thread));
    });
  }

  async #inRoot(run: (span: Span) => Promise<void>): Promise<void> {
    const { root } = this.play.scenario;
    // A provider without exporter: what is below has a parent that never arrives.
    const provider = root === 'missing' ? new BasicTracerProvider() : trace.getTracerProvider();
    const tracer = provider.getTracer('chat-app', '1.0.0');
    const [name, options] =
      root === 'http' ? (['POST /chat', HTTP] as const) : (['chat turn', {}] as const);
    await tracer.startActiveSpan(name, options, async (span) => {
      try {
        await run(span);
        if (root === 'http') span.setAttribute('http.response.status_code', 200);
      } finally {
        span.end();
      }
    });
  }
}

const HTTP = {
  kind: SpanKind.SERVER,
  attributes: { 'http.request.method': 'POST', 'http.route': '/chat', 'url.path': '/chat' },
};

const endedSpan = (name: string, attributes: Attributes): void =>
  trace.getTracer('chat-app', '1.0.0').startSpan(name, { attributes }).end();
