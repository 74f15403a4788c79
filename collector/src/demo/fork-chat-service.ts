import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The chat service in its own process. */
export interface ChatService {
  readonly url: string;
  /** Lets it send the last of its telemetry, and resolves when it is gone. */
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./chat-service.js', import.meta.url));
const STOP_TIMEOUT_MS = 5_000;
/** Instead of the 5 s after which exporters send by default: nobody wants to wait for a demo. */
const EXPORT_DELAY_MS = '250';

const readyShape = z.object({ url: z.url() });

/** Nothing that would point the service's exporters or its client elsewhere. */
const cleanEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OTEL|OPENAI)_/.test(name)),
  ),
  OTEL_BSP_SCHEDULE_DELAY: EXPORT_DELAY_MS,
  OTEL_BLRP_SCHEDULE_DELAY: EXPORT_DELAY_MS,
});

/** @throws Error when the service ends before it listens, or the signal is aborted */
export async function forkChatService(
  { otlpUrl, providerUrl }: { readonly otlpUrl: string; readonly providerUrl: string },
  signal: AbortSignal,
): Promise<ChatService> {
  const child = fork(PROGRAM, [otlpUrl, providerUrl], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').then(() => undefined);
  const stop = (): Promise<void> => stopChild(child, exited);
  try {
    const ended = exited.then(() => {
      throw new Error('The chat service ended before it was ready.');
    });
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return { url: readyShape.parse(message).url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
