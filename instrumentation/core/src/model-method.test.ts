import { trace } from '@opentelemetry/api';
import { expect, test, vi } from 'vitest';
import type { ResponseReader } from './generation.js';
import { prototypeOf, watchClient, type ModelMethod } from './model-method.js';

const reader: ResponseReader = {
  read: () => ({ attributes: {}, content: () => ({}) }),
  collect: () => ({
    add: () => undefined,
    response: () => ({ attributes: {}, content: () => ({}) }),
  }),
};
const ask = (describe: ModelMethod['describe']): readonly ModelMethod[] => [
  { path: ['chat'], name: 'ask', describe, reader },
];
const described: ModelMethod['describe'] = () => ({
  operation: 'chat',
  provider: 'p',
  model: 'm',
  attributes: {},
  content: () => ({}),
});
const tracerOf = () => trace.getTracer('none');

/** An SDK whose method needs to be called on what it belongs to. */
const createClient = (): {
  readonly chat: { readonly ask: (text: string) => Promise<string> };
} => ({
  chat: new (class {
    readonly mark = '!';
    async ask(text: string): Promise<string> {
      return `${text}${this.mark}`;
    }
  })(),
});

test('a call gets its arguments, on its object, also when the method is taken off it', async () => {
  const client = watchClient(createClient(), ask(described), tracerOf);
  await expect(client.chat.ask('Hello')).resolves.toBe('Hello!');
  const { ask: taken } = client.chat;
  await expect(taken('Hello')).resolves.toBe('Hello!');
});

test('a description that fails costs the call nothing', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  const broken = ask(() => {
    throw new Error('ours');
  });
  const client = watchClient(createClient(), broken, tracerOf);
  await expect(client.chat.ask('Hello')).resolves.toBe('Hello!');
});

test('an error that is thrown at once is thrown on', () => {
  const error = new TypeError('theirs');
  const client = {
    chat: {
      ask: (): object => {
        throw error;
      },
    },
  };
  expect(() => watchClient(client, ask(described), tracerOf).chat.ask()).toThrow(error);
});

test('nothing is described where nothing is to be recorded', async () => {
  const describe = vi.fn<ModelMethod['describe']>(described);
  const client = watchClient(createClient(), ask(describe), () => undefined);
  await client.chat.ask('Hello');
  expect(describe).not.toHaveBeenCalled();
});

test('what is watched is not watched again, and what is not there is let be', () => {
  const client = watchClient(createClient(), ask(described), tracerOf);
  const watched = client.chat.ask;
  expect(watchClient(client, ask(described), tracerOf).chat.ask).toBe(watched);
  const other = Object.freeze({ models: {} });
  expect(watchClient(other, ask(described), tracerOf)).toBe(other);
});

test('the class of an API is found by its path', () => {
  class Completions {
    create(): object {
      return {};
    }
  }
  const root = { Chat: { Completions } };
  const place = { path: ['chat', 'completions'], name: 'create' };
  expect(prototypeOf(root, place)).toBe(Completions.prototype);
  expect(prototypeOf(root, { ...place, name: 'parse' })).toBeUndefined();
  expect(prototypeOf({}, place)).toBeUndefined();
  expect(prototypeOf(undefined, place)).toBeUndefined();
});
