import type Anthropic from '@anthropic-ai/sdk';
import type { Collector } from '@colloquy/instrumentation-core';
import { responseOf, type Answer } from './messages-response.js';

type Event = Anthropic.RawMessageStreamEvent;
type Block = Record<string, unknown>;
type Delta = Readonly<Record<string, unknown>>;

/** What each kind of piece adds to its block; signatures and citations are not recorded. */
const DELTAS: Readonly<Record<string, readonly [from: string, to: string]>> = {
  text_delta: ['text', 'text'],
  thinking_delta: ['thinking', 'thinking'],
  input_json_delta: ['partial_json', 'input'],
  compaction_delta: ['content', 'content'],
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function grow(block: Block, delta: Delta): void {
  const [from, to] = DELTAS[textOf(delta['type'])] ?? [];
  if (from !== undefined && to !== undefined) block[to] = textOf(block[to]) + textOf(delta[from]);
}

/** Counts of a later event stand for those of an earlier one, but for what it leaves out. */
const known = (counts: object): object =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== null));

/** Puts a streamed message together. The input of a tool comes as pieces of JSON and stays text here. */
export function collectMessage(): Collector {
  const blocks: Block[] = [];
  let answer: Omit<Answer, 'content'> = {};
  return {
    add: (piece) => {
      const event = piece as Event;
      if (event.type === 'message_start') {
        const { id, model, usage } = event.message;
        answer = { id, model, usage };
      } else if (event.type === 'content_block_start')
        blocks[event.index] = { ...event.content_block };
      else if (event.type === 'content_block_delta')
        grow((blocks[event.index] ??= {}), { ...event.delta });
      else if (event.type === 'message_delta')
        answer = {
          ...answer,
          stop_reason: event.delta.stop_reason,
          usage: { ...answer.usage, ...known(event.usage) },
        };
    },
    response: () => responseOf({ ...answer, content: blocks.filter(Boolean) }),
  };
}
