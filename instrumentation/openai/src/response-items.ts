import { toPart, toParts, type Message, type Part } from '@colloquy/threads/instrumentation';

type Fields = Readonly<Record<string, unknown>>;

interface Piece {
  readonly role: string;
  readonly parts: readonly Part[];
}

const summaryOf = (pieces: unknown): readonly Part[] =>
  (Array.isArray(pieces) ? (pieces as readonly Fields[]) : []).flatMap(({ text }) =>
    typeof text === 'string' ? [{ type: 'reasoning', content: text }] : [],
  );

/** Items that are no message: who says them, and what. Others are the model's own, passed on as they are. */
const ITEMS: Readonly<Record<string, (item: Fields) => Piece>> = {
  function_call: (item) => ({ role: 'assistant', parts: [toPart(item)] }),
  custom_tool_call: ({ call_id: id, name, input }) => ({
    role: 'assistant',
    parts: [{ type: 'tool_call', id, name, arguments: input }],
  }),
  function_call_output: (item) => ({ role: 'tool', parts: [toPart(item)] }),
  custom_tool_call_output: (item) => ({
    role: 'tool',
    parts: [toPart({ ...item, type: 'function_call_output' })],
  }),
  reasoning: ({ summary, content }) => ({
    role: 'assistant',
    parts: [...summaryOf(summary), ...summaryOf(content)],
  }),
};

function pieceOf(item: Fields, side: string): Piece {
  const { type, role, content } = item;
  if (typeof type !== 'string' || type === 'message')
    return { role: typeof role === 'string' ? role : side, parts: toParts(content) };
  const read = Object.hasOwn(ITEMS, type) ? ITEMS[type] : undefined;
  return read?.(item) ?? { role: 'assistant', parts: [toPart(item)] };
}

/**
 * The items of the Responses API as messages. What the model says in several items in a row, thoughts,
 * words and calls, is one message.
 *
 * @param side - who speaks where an item does not say
 */
export function itemsToMessages(items: readonly object[], side: string): readonly Message[] {
  const messages: { role: string; parts: Part[] }[] = [];
  for (const item of items) {
    const { role, parts } = pieceOf(item as Fields, side);
    const last = messages.at(-1);
    if (last?.role === 'assistant' && role === 'assistant') last.parts.push(...parts);
    else if (parts.length > 0) messages.push({ role, parts: [...parts] });
  }
  return messages;
}
