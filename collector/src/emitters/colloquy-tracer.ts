import type { Json } from '@colloquy/schema';
import { configure, openThread, ThreadSpanProcessor, wrapTool } from '@colloquy/threads';
import type { Play, PlayThread } from '../recorder/play.js';
import type { ToolCall } from './app.js';
import { startTracing } from './telemetry.js';
import { Tracer } from './tracer.js';

/**
 * Our own packages as their README has it: what people say is tracked, what models are sent is recorded
 * inside the thread, and an answer that is asked for again stands in place of the last.
 */
export class ColloquyTracer extends Tracer {
  readonly #answers = new Map<string, string>();

  constructor(play: Play, service: string) {
    configure({ captureContent: play.scenario.capture ?? true });
    super(play, [startTracing(service, play.otlpUrl, 'protobuf', [new ThreadSpanProcessor()])]);
  }

  override conversation(
    { threadId, userId }: PlayThread,
    asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    const thread = openThread({ id: threadId, userId });
    if (this.play.scenario.capture === false) return thread.run(run);
    return thread.run(async () => {
      const isAgain = asked === undefined;
      if (!isAgain) thread.trackMessage({ role: 'user', content: asked });
      const content = await run();
      const replaces = isAgain ? this.#answers.get(threadId) : undefined;
      const answer = thread.trackMessage({ role: 'assistant', content, replaces });
      this.#answers.set(threadId, answer);
      return content;
    });
  }

  override tool({ id, name, arguments: input }: ToolCall, run: () => Promise<Json>): Promise<Json> {
    return wrapTool((_input: ToolCall['arguments']) => run(), { name, callId: () => id })(input);
  }
}
