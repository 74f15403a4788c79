import { styleText } from 'node:util';
import type { MessageAnswer, Part, TurnAnswer } from '@colloquy/schema';
import type { ReadConversation } from './read-conversations.js';

/** How a terminal shows it. */
export interface RenderOptions {
  readonly width: number;
  readonly colour: boolean;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const ROLE_WIDTH = 11;
const ROLE_STYLES: Readonly<Record<string, Style>> = {
  system: 'gray',
  user: 'cyan',
  assistant: 'green',
  tool: 'yellow',
};

/** A conversation for a terminal: a head, then each turn with what it cost and what was said. */
export function renderConversation(
  { thread, messages }: ReadConversation,
  { width, colour }: RenderOptions,
): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text) : text);
  const turns = new Map(thread.turns.map((turn) => [turn.turn, turn]));
  const lines = [
    paint('bold', thread.title),
    paint(
      'gray',
      [
        `thread ${thread.thread_id}`,
        `user ${thread.user_ids.join(', ')}`,
        thread.models.join(', '),
        `${thread.message_count} messages`,
        describeUse(thread),
        describeTime(thread.first_activity_at, thread.last_activity_at),
      ].join(' · '),
    ),
  ];
  let shown: number | undefined;
  for (const message of messages) {
    const turn = turns.get(message.turn);
    if (message.turn !== shown && turn !== undefined && message.turn > 0) {
      lines.push('', renderTurn(turn, width, paint));
    }
    shown = message.turn;
    lines.push(...renderMessage(message, width, paint));
  }
  return lines.join('\n');
}

function renderTurn(turn: TurnAnswer, width: number, paint: Paint): string {
  const { generation_count: calls } = turn;
  const facts = [
    `${calls} ${calls === 1 ? 'call' : 'calls'}`,
    describeUse(turn),
    describeTime(turn.started_at, turn.ended_at),
  ].join(' · ');
  const head = `── turn ${turn.turn} `;
  const rule = '─'.repeat(Math.max(2, width - head.length - facts.length - 1));
  return paint('gray', `${head}${rule} ${facts}`);
}

interface Use {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number | null;
}

const describeUse = ({ input_tokens, output_tokens, cost_usd }: Use): string =>
  `${input_tokens} → ${output_tokens} tokens · ${cost_usd === null ? 'no price' : `$${cost_usd.toFixed(6)}`}`;

const describeTime = (from: string, to: string): string =>
  `${Math.max(0, Date.parse(to) - Date.parse(from))} ms`;

function renderMessage({ role, parts }: MessageAnswer, width: number, paint: Paint): string[] {
  const text = parts.map(renderPart).join('\n');
  return wrap(text, width - ROLE_WIDTH).map((line, index) => {
    const label = (index === 0 ? role : '').padEnd(ROLE_WIDTH);
    return `${paint(ROLE_STYLES[role] ?? 'magenta', label)}${line}`;
  });
}

function renderPart(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.content;
    case 'reasoning':
      return `(${part.content})`;
    case 'tool_call':
      return `→ ${part.name}(${JSON.stringify(part.arguments ?? {})})`;
    case 'tool_call_response':
      return `← ${typeof part.response === 'string' ? part.response : JSON.stringify(part.response)}`;
    default:
      return `[${part.type}]`;
  }
}

/** Breaks lines between words; a longer word stays whole. */
function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = [''];
    for (const word of paragraph.split(' ')) {
      const line = lines.at(-1) ?? '';
      if (line === '') lines[lines.length - 1] = word;
      else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}
