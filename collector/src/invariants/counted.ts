import type { Conversation, SpanFact } from '@colloquy/schema';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ReadRequest } from '../recordings/read-request.js';
import { rebuildRead } from '../recordings/rebuild-in-memory.js';
import { summarise } from '../thread-summary.js';
import type { Property } from './property.js';

/** Costs are sums of fractions: the order in which they are added shows in the last digits. */
const rounded = (usd: number | undefined): number | undefined =>
  usd === undefined ? undefined : Number(usd.toPrecision(12));

const countsOf = (conversations: readonly Conversation[]): unknown =>
  conversations.map((conversation) => {
    const { threadId, generationCount, inputTokens, outputTokens, costUsd } =
      summarise(conversation);
    return { threadId, generationCount, inputTokens, outputTokens, costUsd: rounded(costUsd) };
  });

const WRAPPER = 'ffffffffffffffff';

/** Puts a span above a call that says and counts what the call does. */
function wrap(
  requests: readonly ReadRequest[],
  { traceId, spanId }: Pick<SpanFact, 'traceId' | 'spanId'>,
  kind: SpanFact['kind'],
): readonly ReadRequest[] {
  return requests.map(({ spans, logs }) => ({
    logs,
    spans: spans.flatMap((read) => {
      const { fact } = read;
      if (fact.spanId !== spanId || fact.traceId !== traceId) return [read];
      const wrapper = { ...fact, spanId: WRAPPER, name: 'wrapper', kind };
      return [
        { ...read, fact: { ...wrapper, endTimeUnixNano: fact.endTimeUnixNano + 1n } },
        { ...read, fact: { ...fact, parentSpanId: WRAPPER } },
      ];
    }),
  }));
}

const COUNTED: Property = {
  claim: '6. Counted once. Usage and cost of a model call count exactly once, whatever wrapped it',
  check: ({ requests, whole }, runs) => {
    const calls = whole.flatMap(({ generations }) => generations.filter((call) => call.traceId));
    if (calls.length === 0) return;
    const wrapped = fc.record({
      place: fc.nat({ max: calls.length - 1 }),
      kind: fc.constantFrom('llm', 'agent', 'chain', 'turn'),
    });
    fc.assert(
      fc.property(wrapped, ({ place, kind }) => {
        const call = calls[place];
        const again = call === undefined ? requests : wrap(requests, call, kind);
        expect(countsOf(rebuildRead(again))).toEqual(countsOf(whole));
      }),
      runs,
    );
  },
};

export const COUNTING: readonly Property[] = [COUNTED];
