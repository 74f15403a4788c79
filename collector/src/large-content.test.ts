import { messageListShape, threadDetailShape } from '@colloquy/schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from './access/testing/locked-service.js';
import {
  attribute,
  bytesOfHex,
  type Message,
  protobufRequest,
  START,
} from './receivers/otlp/sample-requests.js';
import { settled } from './store/testing/settled.js';

const TIMEOUT_MS = 120_000;
const MEGABYTE = 1_000_000;

/** What has to be escaped, and characters of one to four bytes. */
const LINE = 'It said "no" — \\ and then:\n\tnaïve 東京 👩‍👩‍👧 \u0007.\r\n';

const textOf = (bytes: number): string =>
  LINE.repeat(Math.ceil(bytes / Buffer.byteLength(LINE))).concat(`end of ${bytes}`);

const said = (...messages: readonly (readonly [role: string, content: string])[]): string =>
  JSON.stringify(messages.map(([role, content]) => ({ role, parts: [{ type: 'text', content }] })));

function call(
  number: number,
  {
    threadId,
    input,
    output,
  }: { readonly threadId: string; readonly input: string; readonly output: string },
): Message {
  const text = (key: string, value: string): readonly [number, Message] => [
    9,
    attribute(key, [[1, value]]),
  ];
  const id = number.toString(16).padStart(2, '0');
  return [
    [1, bytesOfHex(id.repeat(16))],
    [2, bytesOfHex(id.repeat(8))],
    [5, 'chat'],
    [7, START + BigInt(number) * 1_000_000_000n],
    [8, START + BigInt(number) * 1_000_000_000n + 5n],
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.conversation.id', threadId),
    text('gen_ai.input.messages', input),
    text('gen_ai.output.messages', output),
  ];
}

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ env: {} });
});

afterAll(() => service.stop());

async function send(...spans: readonly Message[]): Promise<unknown> {
  const response = await service.ask(undefined, '/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(protobufRequest(spans)),
  });
  expect(response.status).toBe(200);
  return (await response.arrayBuffer()).byteLength;
}

const ask = async (path: string): Promise<unknown> =>
  (await service.ask(undefined, `/api/v1${path}`)).json();

async function readTexts(threadId: string): Promise<readonly string[]> {
  const { messages } = messageListShape.parse(await ask(`/threads/${threadId}/messages`));
  return messages.map(({ parts }) =>
    parts.map((part) => (part.type === 'text' ? part.content : part.type)).join(),
  );
}

test.each([1, 20])(
  'a text of %i MB comes back as it was sent, also from a history',
  async (megabytes) => {
    const threadId = `large-${megabytes}`;
    const question = textOf(megabytes * MEGABYTE);
    const first = {
      threadId,
      input: said(['user', question]),
      output: said(['assistant', 'Long.']),
    };
    const history = said(['user', question], ['assistant', 'Long.'], ['user', 'And?']);
    const second = { threadId, input: history, output: said(['assistant', 'That is all.']) };
    expect(await send(call(megabytes, first))).toBe(0);
    expect(await send(call(megabytes + 1, second))).toBe(0);
    await settled(service.httpUrl);
    const texts = await readTexts(threadId);
    expect(texts.map(({ length }) => length)).toEqual([question.length, 5, 4, 12]);
    expect(texts[0] === question).toBe(true);
    expect(texts.slice(1)).toEqual(['Long.', 'And?', 'That is all.']);
    expect(threadDetailShape.parse(await ask(`/threads/${threadId}`))).toMatchObject({
      generations: [{}, {}],
    });
  },
  TIMEOUT_MS,
);

test(
  'a span over the limit is refused alone, and told of',
  async () => {
    const threadId = 'mixed';
    const small = { threadId, input: said(['user', 'Hi']), output: said(['assistant', 'Hello.']) };
    const large = { ...small, input: said(['user', textOf(33 * MEGABYTE)]) };
    expect(await send(call(50, small), call(51, large), call(52, small))).toBeGreaterThan(0);
    await settled(service.httpUrl);
    const { generations } = threadDetailShape.parse(await ask(`/threads/${threadId}`));
    expect(generations).toHaveLength(2);
    expect(await ask('/status')).toMatchObject({ received: { traces: { rejected: 1 } } });
  },
  TIMEOUT_MS,
);
