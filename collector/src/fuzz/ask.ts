import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterListShape, messageListShape, statusShape } from '@colloquy/schema';

const POLL_MS = 200;

async function askJson(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${path}`);
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`);
  return response.json();
}

/** Resolves once all that was accepted can be found. @throws Error after `timeoutMs` */
export async function waitUntilQueryable(
  url: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { waiting } = statusShape.parse(await askJson(url, '/status'));
    if (waiting === 0) return;
    if (performance.now() > deadline) throw new Error(`${waiting} items are not queryable.`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Why items could not be stored, as the newest dead letters tell. */
export async function readDeadReasons(url: string): Promise<readonly string[]> {
  const { dead_letters: letters } = deadLetterListShape.parse(
    await askJson(url, '/dead-letters?limit=1000'),
  );
  return letters.flatMap(({ items }) => items.map(({ reason }) => reason));
}

const text = (role: string, content: string): object => ({
  stringValue: JSON.stringify([{ role, parts: [{ type: 'text', content }] }]),
});

/** A good request with a thread of its own. */
function createGoodRequest(): { readonly threadId: string; readonly body: string } {
  const threadId = `good-${randomBytes(8).toString('hex')}`;
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'chat',
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 1_000_000n),
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.conversation.id', value: { stringValue: threadId } },
      { key: 'gen_ai.input.messages', value: text('user', 'Is anybody there?') },
      { key: 'gen_ai.output.messages', value: text('assistant', 'Yes.') },
    ],
  };
  return {
    threadId,
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  };
}

/** Sends a conversation as any tracer would and reads it back. @throws Error unless it is all there */
export async function checkService(
  url: string,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { threadId, body } = createGoodRequest();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(options.timeoutMs),
  });
  if (response.status !== 200) throw new Error(`A good request was answered ${response.status}.`);
  await response.arrayBuffer();
  await waitUntilQueryable(url, options);
  const { messages } = messageListShape.parse(await askJson(url, `/threads/${threadId}/messages`));
  if (messages.length !== 2) throw new Error(`A good thread has ${messages.length} of 2 messages.`);
}
