import type { Message, Part } from '@colloquy/schema';
import { digest, hashContent } from '../../digest.js';
import { createStored, type Call, type StoredMessage } from '../call.js';
import { GrowingTree } from '../growing-tree.js';
import { listMessages } from '../messages.js';

/** What stands before the id of a tool call or its result, and the id; `call` unless given. */
const withId = (text: string): readonly [content: string, id: string] => {
  const [content = '', id = 'call'] = text.split('#');
  return [content, id];
};

function piece(text: string): Part {
  if (!text.startsWith('!')) return { type: 'text', content: text };
  const [name, id] = withId(text.slice(1));
  return { type: 'tool_call', id, name, arguments: {} };
}

function result(text: string): Part {
  const [response, id] = withId(text);
  return { type: 'tool_call_response', id, response };
}

/** A message in a line: `u:hello`, `a:hi`, `s:be kind`, `a:!weather#c1`, `t:sunny#c1`; `!` is a tool call. */
function message(line: string): Message {
  const text = line.slice(2);
  const role = { u: 'user', a: 'assistant', s: 'system', t: 'tool' }[line[0] ?? ''] ?? 'user';
  const parts = text.split('+').map(role === 'tool' ? result : piece);
  return { role, parts };
}

const stored = (line: string): StoredMessage => {
  const content = message(line);
  return createStored(hashContent(content), content);
};

let made = 0n;

/** A call, later than every call made before it, in a trace of its own unless told otherwise. */
export function call(
  input: readonly string[],
  output: readonly string[],
  more: Partial<Call> = {},
): Call {
  made += 1n;
  return {
    traceId: `trace-${made}`,
    spanId: digest(`span-${made}`),
    startTimeUnixNano: made * 1_000n,
    endTimeUnixNano: made * 1_000n + 500n,
    inputHashes: input.map((line) => stored(line).hash),
    outputHashes: output.map((line) => stored(line).hash),
    input: input.map(stored),
    output: output.map(stored),
    retold: [],
    retoldHashes: [],
    inputIsUnordered: false,
    outputIsChoices: false,
    responseId: undefined,
    previousResponseId: undefined,
    isDelta: false,
    sequence: 0,
    nesting: undefined,
    agentName: undefined,
    ...more,
  };
}

const INITIALS: Readonly<Record<string, string>> = {
  user: 'u',
  assistant: 'a',
  system: 's',
  tool: 't',
};

/** A message as its line again. */
function short({ role, parts }: Pick<Message, 'role' | 'parts'>): string {
  const pieces = parts.map((part) => {
    if (part.type === 'tool_call') return `!${part.name}`;
    if (part.type === 'tool_call_response')
      return typeof part.response === 'string' ? part.response : '';
    return 'content' in part && typeof part.content === 'string' ? part.content : part.type;
  });
  return `${INITIALS[role] ?? role}:${pieces.join('+')}`;
}

/** What a thread of these calls shows, by line. */
export function show(calls: readonly Call[]): {
  readonly main: readonly string[];
  readonly branch: readonly string[];
  readonly side_call: readonly string[];
  readonly gaps: readonly string[];
  readonly summaries: readonly string[];
  readonly turns: readonly number[];
} {
  const messages = listMessages(new GrowingTree().grow(calls), 'thread');
  const of = (line: string): readonly string[] =>
    messages.filter((one) => one.line === line).map(short);
  return {
    main: of('main'),
    branch: of('branch'),
    side_call: of('side_call'),
    gaps: messages.filter(({ historyGap }) => historyGap).map(short),
    summaries: messages.filter(({ isSummary }) => isSummary).map(short),
    turns: messages.filter(({ line }) => line === 'main').map(({ turn }) => turn),
  };
}
