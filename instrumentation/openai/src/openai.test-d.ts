import { openThread } from '@colloquy/threads';
import OpenAI from 'openai';
import type { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import type { Stream } from 'openai/streaming';
import { expectTypeOf, test } from 'vitest';
import { OpenAIInstrumentation, wrapOpenAI } from './index.js';

// Compiled, never run.

const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Hello?' }];
const client = wrapOpenAI(new OpenAI());

test('a wrapped client is the client', () => {
  expectTypeOf(client).toEqualTypeOf<OpenAI>();
});

test('what a call returns can be tied to a message, and stays what it is', () => {
  const answer = client.chat.completions.create({ model: 'm', messages }).setParent('m1');
  expectTypeOf(answer).resolves.toExtend<OpenAI.ChatCompletion>();
  expectTypeOf(answer.asResponse()).resolves.toEqualTypeOf<Response>();
  const response = client.responses.create({ model: 'm', input: 'x' }).setParent('m1');
  expectTypeOf(response).resolves.toExtend<OpenAI.Responses.Response>();
  const vectors = client.embeddings.create({ model: 'm', input: 'x' }).setParent('m1');
  expectTypeOf(vectors).resolves.toExtend<OpenAI.CreateEmbeddingResponse>();
});

test('a stream can be tied too, and so can the helpers', () => {
  const stream = client.chat.completions.create({ model: 'm', messages, stream: true });
  expectTypeOf(stream.setParent('m1')).resolves.toExtend<Stream<OpenAI.ChatCompletionChunk>>();
  const helper = client.chat.completions.stream({ model: 'm', messages }).setParent('m1');
  expectTypeOf(helper).toExtend<ChatCompletionStream>();
  expectTypeOf(helper.finalContent()).resolves.toEqualTypeOf<string | null>();
  const answered = client.responses.stream({ model: 'm', input: 'x' }).setParent('m1');
  expectTypeOf(answered.finalResponse()).resolves.toExtend<OpenAI.Responses.Response>();
});

test('what does not fit is refused', () => {
  expectTypeOf(wrapOpenAI).parameter(0).toBeObject();
  // @ts-expect-error a message id is text
  void client.chat.completions.create({ model: 'm', messages }).setParent(7);
  // @ts-expect-error only a client can be wrapped
  wrapOpenAI('client');
  // @ts-expect-error it is either on or off
  void new OpenAIInstrumentation({ enabled: 'yes' });
});

test("the SDK's own messages can be tracked", () => {
  const thread = openThread();
  expectTypeOf(thread.trackMessage({ role: 'user', content: 'Hello?' })).toBeString();
  expectTypeOf<OpenAI.ChatCompletionMessage>().toExtend<
    Parameters<typeof thread.trackMessage>[0]
  >();
});
