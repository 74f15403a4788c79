import { retryOnce, type EmitterOptions } from './emitter.js';
import { inTurnSpan, type Flushable } from './telemetry.js';

/** One major of the AI SDK, as an app uses it: history in, the new messages out. */
export interface AiSdkApp<Message> {
  readonly userMessage: (content: string) => Message;
  readonly generate: (history: Message[]) => Promise<readonly Message[]>;
  readonly stream: (history: Message[]) => Promise<readonly Message[]>;
}

/** Most steps that one question may take; the scenario needs two. */
export const MAX_STEPS = 5;

/** Holds the conversation; the root span, without ids, is what keeps a retry in its turn's trace. */
export async function runAiSdkApp<Message>(
  { scenario }: EmitterOptions,
  provider: Flushable,
  app: AiSdkApp<Message>,
): Promise<void> {
  const history: Message[] = [];
  for (const { user, stream = false } of scenario.turns) {
    history.push(app.userMessage(user));
    const answer = () => (stream ? app.stream(history) : app.generate(history));
    history.push(...(await inTurnSpan({}, () => retryOnce(answer))));
    await provider.forceFlush();
  }
  await provider.shutdown();
}
