import { setTimeout as wait } from 'node:timers/promises';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { checkSpan } from '@colloquy/genai-conventions';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configure, openThread, wrapAgent, wrapModel, wrapTool } from './index.js';
import { record } from './testing/recorder.js';

let recorder: ReturnType<typeof record>;
beforeEach(() => {
  recorder = record();
  configure({ captureContent: true });
});
afterEach(async () => {
  const faults = recorder.spans().flatMap(checkSpan);
  await recorder.stop();
  expect(faults).toEqual([]);
});

const attributes = (index = 0) => recorder.spans()[index]?.attributes;

describe('wrapAgent', () => {
  test('tells of the run, and ties it and all inside to a message', async () => {
    const id = openThread({ id: 't1' }).trackMessage({ role: 'user', content: 'Hello!' });
    const agent = wrapAgent(async function ChatbotAgent(query: string) {
      await Promise.resolve();
      trace.getTracer('other').startSpan('call').end();
      return `You said ${query}`;
    });
    await expect(agent('Hello!').setParent(id)).resolves.toBe('You said Hello!');
    expect(attributes(1)).toMatchObject({ 'colloquy.parent.message_id': id });
    expect(recorder.spans()[2]?.name).toBe('invoke_agent ChatbotAgent');
    expect(attributes(2)).toEqual({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'ChatbotAgent',
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hello!"}]}]',
      'gen_ai.output.messages':
        '[{"finish_reason":"stop","role":"assistant","parts":[{"type":"text","content":"You said Hello!"}]}]',
      'colloquy.thread.id': 't1',
      'gen_ai.conversation.id': 't1',
      'session.id': 't1',
      'colloquy.parent.message_id': id,
    });
  });

  test('gives the error of the function, thrown at once or later', async () => {
    const now = wrapAgent(() => {
      throw new RangeError('now');
    });
    const later = wrapAgent(async () => {
      await Promise.resolve();
      throw new TypeError('later');
    });
    await expect(now()).rejects.toThrow(RangeError);
    await expect(later()).rejects.toThrow(TypeError);
    expect(recorder.spans().map(({ status }) => status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.ERROR,
    ]);
    expect(attributes()).toMatchObject({ 'error.type': 'RangeError' });
  });

  test('keeps content to itself where it is not to be captured', async () => {
    configure({ captureContent: false });
    await wrapAgent((query: string) => query, { name: 'echo' })('secret');
    expect(JSON.stringify(attributes())).not.toContain('secret');
  });

  test('keeps `this`', async () => {
    const bot = {
      name: 'Bo',
      greet: wrapAgent(function greet(this: { name: string }) {
        return this.name;
      }),
    };
    await expect(bot.greet()).resolves.toBe('Bo');
  });
});

describe('streams', () => {
  async function* speak(): AsyncGenerator<string> {
    for (const piece of ['One ', 'two ', 'three']) {
      await Promise.resolve();
      yield piece;
    }
  }
  const answer = /"content":"([^"]*)"/;
  const said = (): string | undefined =>
    answer.exec(String(attributes()?.['gen_ai.output.messages']))?.[1];

  test('are told whole when they are read to their end', async () => {
    const pieces: string[] = [];
    for await (const piece of wrapAgent(speak)()) pieces.push(piece);
    expect(pieces).toEqual(['One ', 'two ', 'three']);
    expect(said()).toBe('One two three');
    expect(attributes()).not.toHaveProperty('gen_ai.response.finish_reasons');
  });

  test('are told as far as they were read when the loop is broken off', async () => {
    for await (const piece of wrapAgent(speak)()) if (piece === 'two ') break;
    expect(said()).toBe('One two ');
    expect(attributes()).toMatchObject({ 'gen_ai.response.finish_reasons': ['cancelled'] });
  });

  test('end with an error that comes in their midst', async () => {
    async function* fail(): AsyncGenerator<string> {
      yield 'One ';
      throw new Error('gone');
    }
    await expect(collect(wrapAgent(fail)())).rejects.toThrow('gone');
    expect(said()).toBe('One ');
    expect(attributes()).toMatchObject({ 'error.type': 'Error' });
  });

  test('end when they are forgotten', async () => {
    const { gc } = globalThis;
    expect(gc).toBeTypeOf('function');
    await (async () => {
      const stream = wrapAgent(speak)();
      await stream.next();
    })();
    for (let round = 0; round < 50 && recorder.spans().length === 0; round += 1) {
      gc?.();
      await wait(1);
    }
    expect(said()).toBe('One ');
    expect(attributes()).toMatchObject({ 'gen_ai.response.finish_reasons': ['cancelled'] });
  });

  test('of a promise are watched as well', async () => {
    const open = wrapModel(async () => speak(), { provider: 'x', model: 'm' });
    await collect(await open());
    expect(said()).toBe('One two three');
  });
});

async function collect<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const pieces: T[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

test('wrapTool tells arguments and result', async () => {
  const weather = wrapTool((city: string) => ({ city, degrees: 21 }), { name: 'weather' });
  await expect(weather('Rome')).resolves.toEqual({ city: 'Rome', degrees: 21 });
  expect(recorder.spans()[0]?.name).toBe('execute_tool weather');
  expect(attributes()).toEqual({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'weather',
    'gen_ai.tool.call.arguments': '"Rome"',
    'gen_ai.tool.call.result': '{"city":"Rome","degrees":21}',
  });
});

test.each(['', undefined])('wrapTool tells no id where the call has %j', async (id) => {
  await wrapTool(() => 21, { name: 'weather', callId: () => id })();
  expect(attributes()).not.toHaveProperty('gen_ai.tool.call.id');
});

test('wrapModel reads messages, answer and usage as it is told', async () => {
  configure({ captureContent: false });
  const call = wrapModel(async ({ prompt }: { prompt: string }) => ({ text: prompt, spent: 3 }), {
    provider: 'acme',
    model: 'acme-1',
    input: ({ prompt }) => prompt,
    output: ({ text }) => text,
    usage: ({ spent }) => ({ output: spent }),
  });
  await call({ prompt: 'Hi' });
  expect(attributes()).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'acme',
    'gen_ai.request.model': 'acme-1',
    'gen_ai.usage.output_tokens': 3,
  });
});
