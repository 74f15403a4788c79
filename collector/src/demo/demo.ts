import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeProvider } from '@colloquy/fake-provider';
import { encodeThreadId } from '@colloquy/schema';
import { readConfig } from '../config.js';
import { startService, type Service } from '../service.js';
import { DIALOGUES } from './dialogues.js';
import { forkChatService } from './fork-chat-service.js';
import { holdDialogues } from './hold-dialogues.js';
import { readConversations } from './read-conversations.js';
import { renderConversation } from './render-conversation.js';

export interface DemoOptions {
  /** Stay, on the default ports, until the signal is aborted. */
  readonly keep: boolean;
  readonly width: number;
  readonly colour: boolean;
  readonly print: (text: string) => void;
}

const ANY_PORT =
  '--listen 127.0.0.1:0 --grpc-listen off --clickhouse-http-port 0 --clickhouse-tcp-port 0'.split(
    ' ',
  );

/**
 * Shows Colloquy at work, from a chat service to the conversations rebuilt. Leaves nothing behind.
 * @throws ColloquyError `STARTUP_FAILED`, or an Error in one sentence
 */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'colloquy-demo-'));
  try {
    options.print('Starting Colloquy with an empty store …');
    const flags = ['--data-dir', dataDir, ...(options.keep ? [] : ANY_PORT)];
    const service = await startService(readConfig(flags, {}), (line) => console.error(line));
    try {
      await showConversations(service, options, signal);
      if (options.keep) await untilAborted(signal);
    } finally {
      await service.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function showConversations(
  { httpUrl }: Service,
  { keep, width, colour, print }: DemoOptions,
  signal: AbortSignal,
): Promise<void> {
  const names = DIALOGUES.map(({ userId }) => userId).join(' and ');
  print(`A chat service talks with ${names}; its tracer sends to ${httpUrl} …`);
  await chat(httpUrl, signal);
  const conversations = await readConversations(`${httpUrl}/api/v1`, signal);
  for (const conversation of conversations) {
    print(`\n${renderConversation(conversation, { width, colour })}`);
  }
  print(keep ? suggest(httpUrl) : `\nTo look around yourself: npm run demo -- --keep`);
}

/** The provider and the service live for the chat alone; what they have seen is in Colloquy. */
async function chat(otlpUrl: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const provider = await startFakeProvider({ script: DIALOGUES.flatMap(({ turns }) => turns) });
  try {
    const service = await forkChatService({ otlpUrl, providerUrl: provider.url }, signal);
    try {
      await holdDialogues(service.url, signal);
    } finally {
      await service.stop();
    }
  } finally {
    await provider.stop();
  }
}

function suggest(httpUrl: string): string {
  const threads = `${httpUrl}/api/v1/threads`;
  const first = `${threads}/${encodeThreadId(DIALOGUES[0]?.threadId ?? '')}`;
  return [
    '\nColloquy stays. Try:\n',
    `  curl ${threads}`,
    `  curl ${first}`,
    `  curl ${first}/messages`,
    '\nCtrl-C stops it and removes its data.',
  ].join('\n');
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    // A timer, because a listener alone would not keep the process alive.
    const timer = setInterval(() => undefined, 60_000);
    const done = (): void => {
      clearInterval(timer);
      resolve();
    };
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
