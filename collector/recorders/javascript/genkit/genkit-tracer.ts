import { genkit } from 'genkit';
import { disableGenkitOTelInitialization, disableOTelRootSpanDetection } from 'genkit/tracing';
import { startTracing } from '../../../dist/emitters/telemetry.js';
import { Tracer } from '../../../dist/emitters/tracer.js';
import type { Play, PlayThread } from '../../../dist/recorder/play.js';

type Run = () => Promise<string>;

/** Genkit's own spans below the app's; a turn is a flow, whose context names thread and user. */
export class GenkitTracer extends Tracer {
  #run: Run = () => Promise.resolve('');
  readonly #chat = genkit({}).defineFlow('chat', (_asked: unknown) => this.#run());

  constructor(play: Play) {
    disableGenkitOTelInitialization();
    disableOTelRootSpanDetection();
    super(play, [startTracing('genkit-chat', play.otlpUrl)]);
  }

  override conversation(
    { threadId: sessionId, userId }: PlayThread,
    asked: string | undefined,
    run: Run,
  ): Promise<string> {
    this.#run = run;
    return this.#chat(asked, { context: { sessionId, userId } });
  }
}
