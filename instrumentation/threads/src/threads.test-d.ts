import { expectTypeOf, test } from 'vitest';
import {
  openThread,
  trackFeedback,
  withParent,
  withThread,
  wrapAgent,
  wrapModel,
  wrapTool,
  type Linkable,
} from './index.js';

// Compiled, never run.

async function* say(): AsyncGenerator<string> {
  yield 'Hello';
}

const ask = async (prompt: string): Promise<{ text: string; tokens: number }> => ({
  text: prompt,
  tokens: 1,
});

test('a message has a role that there is, and gives its id', () => {
  const thread = openThread({ userId: 'ada', tags: ['vip'], metadata: { shop: 7 } });
  expectTypeOf(thread.trackMessage({ role: 'user', content: 'Hello?' })).toBeString();
  // @ts-expect-error nobody else speaks
  thread.trackMessage({ role: 'robot', content: 'Hello?' });
  // @ts-expect-error somebody has to
  thread.trackMessage({ content: 'Hello?' });
  // @ts-expect-error an id is text
  openThread({ id: 7 });
  // @ts-expect-error of a thread that is open
  thread.id = 'other';
});

test('a thumb is up, down or taken back', () => {
  expectTypeOf(trackFeedback('m1', { thumb: 'up', comment: 'Quick', stars: 5 })).toBeVoid();
  trackFeedback('m1', { thumb: null });
  trackFeedback('m1', null);
  // @ts-expect-error there is no other
  trackFeedback('m1', { thumb: 'sideways' });
});

test('what runs inside gives what it gives', () => {
  expectTypeOf(withThread('t1', () => 7)).toBeNumber();
  expectTypeOf(withParent('m1', async () => 'x')).toEqualTypeOf<Promise<string>>();
  expectTypeOf(openThread().run(() => true)).toBeBoolean();
});

test('what is wrapped takes the same arguments, and can be tied to a message', () => {
  const agent = wrapAgent(
    async (question: string, depth?: number) => question.length + (depth ?? 0),
  );
  expectTypeOf(agent).parameters.toEqualTypeOf<[question: string, depth?: number | undefined]>();
  expectTypeOf(agent('x').setParent('m1')).resolves.toBeNumber();
  // @ts-expect-error the function wants text
  void agent(7);
  // @ts-expect-error a message id is text
  void agent('x').setParent(7);
});

test('what is not asynchronous becomes so, and a stream stays one', () => {
  expectTypeOf(wrapTool((city: string) => city.length)('Rome')).resolves.toBeNumber();
  expectTypeOf(wrapAgent(say)()).toExtend<AsyncGenerator<string> & Linkable>();
});

test('a model tells what it was sent and what it used', () => {
  const model = wrapModel(ask, {
    model: (prompt) => prompt,
    input: (prompt) => prompt,
    output: ({ text }) => text,
    usage: ({ tokens }) => ({ output: tokens }),
  });
  expectTypeOf(model('x')).resolves.toEqualTypeOf<{ text: string; tokens: number }>();
  // @ts-expect-error the answer has no such part
  wrapModel(ask, { output: ({ words }) => words });
});
