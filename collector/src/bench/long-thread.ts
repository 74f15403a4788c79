import type { CanonicalSpan, Message, Span, SpanId, TraceId, UnixNano } from '@colloquy/schema';
import { normaliseSpan } from '../normalise/normalise.js';
import { createThread, turnOf, type ChatMessage } from './synthetic-threads.js';

/** One thread with very many turns, each call a trace of its own that re-sends the whole history. */
export interface LongThread {
  readonly threadId: string;
  /** The model call of a turn, the first of which is 1. Equal messages are one object. */
  callOf(turn: number): CanonicalSpan;
}

/** Characters of one message: that of a chat. */
const MESSAGE_SIZE = 300;
const FIRST_START = 1_767_225_600_000_000_000n;
const STEP = 2_000_000_000n;
const DURATION = 800_000_000n;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

function toMessage({ role, content }: ChatMessage): Message {
  return { role, parts: [{ type: 'text', content }] };
}

/** The span but for its messages, which would cost more to write out and read again than all else. */
function spanOf(threadId: string, turn: number): Span {
  const start = FIRST_START + BigInt(turn) * STEP;
  return {
    resource: { attributes: new Map([['service.name', 'chat-service']]), schemaUrl: '' },
    scope: { name: 'bench', version: '1.0.0', attributes: new Map(), schemaUrl: '' },
    // Random-looking, as trace ids are, but the same in every run.
    traceId: hex(Math.imul(turn, 0x9e3779b1) >>> 0, 8).repeat(4) as TraceId,
    spanId: hex(turn, 16) as SpanId,
    parentSpanId: undefined,
    traceState: '',
    flags: 1,
    name: 'chat gpt-4o-mini',
    kind: 'Client',
    startTimeUnixNano: start as UnixNano,
    endTimeUnixNano: (start + DURATION) as UnixNano,
    attributes: new Map<string, string | bigint>([
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.provider.name', 'openai'],
      ['gen_ai.conversation.id', threadId],
      ['user.id', 'ada'],
      ['gen_ai.request.model', 'gpt-4o-mini'],
      ['gen_ai.response.model', 'gpt-4o-mini-2024-07-18'],
      ['gen_ai.response.id', `chatcmpl-${turn}`],
      ['gen_ai.usage.input_tokens', BigInt(turn * 150)],
      ['gen_ai.usage.output_tokens', 75n],
    ]),
    events: [],
    links: [],
    statusCode: 'Unset',
    statusMessage: '',
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

export function createLongThread(name: string, turns: number): LongThread {
  const plan = { name, threads: 1, turns, messageSize: MESSAGE_SIZE };
  const thread = createThread(plan, 0);
  const messages = thread.messages.map(toMessage);
  return {
    threadId: thread.threadId,
    callOf(turn) {
      const span = spanOf(thread.threadId, turn);
      const { history } = turnOf(thread, turn);
      const genAi = {
        ...normaliseSpan(span).genAi,
        inputMessages: messages.slice(0, history.length),
        outputMessages: messages.slice(history.length, history.length + 1),
        inputSource: 'messages',
        outputSource: 'messages',
      } as const;
      return { span, genAi };
    },
  };
}
