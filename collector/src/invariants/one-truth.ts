import type { Conversation } from '@colloquy/schema';
import { expect } from 'vitest';
import { sumKnown } from '../conversation/turns.js';
import { encodeConversation } from '../store/encode-derived.js';
import type { Row } from '../store/gen-ai-columns.js';
import type { Property } from './property.js';

type Count = number | null | undefined;

const sum = (values: readonly Count[]): number | undefined =>
  sumKnown(values.map((value) => value ?? undefined));

/** The numbers of a thread, from wherever they are taken. */
interface Numbers {
  readonly messages: number;
  readonly generations: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | undefined;
}

/** Costs are sums of fractions: the order in which they are added shows in the last digits. */
const rounded = (usd: Count): number | undefined =>
  usd === undefined || usd === null ? undefined : Number(usd.toPrecision(12));

/** As the list, and the view of threads, have them. */
const listed = (thread: Row): Numbers => ({
  messages: thread['message_count'] as number,
  generations: thread['generation_count'] as number,
  inputTokens: thread['input_tokens'] as number,
  outputTokens: thread['output_tokens'] as number,
  costUsd: rounded(thread['cost_usd'] as Count),
});

/** As they add up from the rows of messages and generations. */
function added(messages: readonly Row[], generations: readonly Row[]): Numbers {
  const total = (column: string) => sum(generations.map((row) => row[column] as Count));
  return {
    messages: messages.filter((row) => row['line'] === 'main').length,
    generations: generations.length,
    inputTokens: total('input_tokens') ?? 0,
    outputTokens: total('output_tokens') ?? 0,
    costUsd: rounded(total('cost_usd')),
  };
}

/** As the turns of a thread's detail have them. */
const detailed = ({ turns }: Conversation): Numbers => ({
  messages: turns.flatMap(({ messageIds }) => messageIds).length,
  generations: sum(turns.map(({ generationCount }) => generationCount)) ?? 0,
  inputTokens: sum(turns.map(({ inputTokens }) => inputTokens)) ?? 0,
  outputTokens: sum(turns.map(({ outputTokens }) => outputTokens)) ?? 0,
  costUsd: rounded(sum(turns.map(({ costUsd }) => costUsd))),
});

const ONE_TRUTH: Property = {
  claim: '7. One truth. List, detail, export, SQL view and dashboard give the same numbers',
  check: ({ whole }) => {
    for (const conversation of whole) {
      const rows = [...encodeConversation('project', conversation, new Map()).values()];
      const of = (table: string): readonly Row[] =>
        rows.filter((row) => row.table === table).map(({ encode }) => encode());
      const numbers = of('derived_threads').map(listed);
      expect(numbers).toEqual([detailed(conversation)]);
      expect(numbers).toEqual([added(of('derived_messages'), of('derived_generations'))]);
      expect(of('derived_messages')).toHaveLength(conversation.messages.length);
      expect(of('derived_traces')).toHaveLength(conversation.traceIds.length);
    }
  },
};

export const TRUTH: readonly Property[] = [ONE_TRUTH];
