import type { Conversation, ConversationMessage } from '@colloquy/schema';
import type { Producer } from '../producers/producer.js';
import type { RecordingHeader } from '../recorder/recording-file.js';
import { expectThreads, type ExpectedThread } from '../scenarios/expect.js';
import type { Scenario } from '../scenarios/scenario.js';

/** One way in which what came out is not what was said. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

/** What is compared: who says what. */
type Said = Pick<ConversationMessage, 'role' | 'parts'> & { readonly name?: string | undefined };

/** Shorter words may stand anywhere by chance. */
const MIN_WORDS = 8;

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

const difference = (what: string, expected: unknown, got: unknown): readonly Difference[] =>
  show(expected) === show(got) ? [] : [{ what, expected: show(expected), got: show(got) }];

/** Without ids, times and provenance: what a reader sees. */
const plain = ({ role, parts, name }: Said): Said => ({
  role,
  parts: parts.map((part) => sortKeys(part) as typeof part),
  name,
});

/** Key order is no difference. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

function compareMessages(
  what: string,
  expected: readonly Said[],
  got: readonly Said[],
): readonly Difference[] {
  const length = Math.max(expected.length, got.length);
  return Array.from({ length }, (_, index) => {
    const [wanted, found] = [expected[index], got[index]];
    const label = `${what} ${index}`;
    return difference(label, wanted && plain(wanted), found && plain(found));
  }).flat();
}

const onLine =
  (line: ConversationMessage['line']) =>
  (message: { readonly line: ConversationMessage['line'] }): boolean =>
    message.line === line;

const alphabetical = (a: string, b: string): number => (a < b ? -1 : 1);

const byText = (a: Said, b: Said): number => (show(plain(a)) < show(plain(b)) ? -1 : 1);

function compareThread(expected: ExpectedThread, got: Conversation): readonly Difference[] {
  return [
    ...compareMessages('main', expected.messages, got.messages.filter(onLine('main'))),
    ...(['branch', 'side_call'] as const).flatMap((line) =>
      compareMessages(
        line,
        expected.aside.filter(onLine(line)).toSorted(byText),
        got.messages.filter(onLine(line)).toSorted(byText),
      ),
    ),
  ];
}

const sumOf = (
  conversations: readonly Conversation[],
  key: 'inputTokens' | 'outputTokens',
): number =>
  conversations.reduce(
    (sum, { turns }) => sum + turns.reduce((all, turn) => all + turn[key], 0),
    0,
  );

function tellsUsage({ traits }: Producer, scenario: Scenario): boolean {
  const { steps, capture, valueLengthLimit } = scenario;
  if (steps.some(({ abandonAfter }) => abandonAfter !== undefined)) return false;
  const isWhole = capture !== false && valueLengthLimit === undefined;
  if (traits.usage === 'inside-content' && !isWhole) return false;
  if (traits.usage === 'no-streams' || traits.usage === 'inside-content')
    return !steps.some(({ stream }) => stream);
  if (traits.usage === 'one-stream')
    return !steps.some(({ stream, replies }) => stream && replies.length > 1);
  if (traits.usage === 'with-content') return capture !== false;
  if (traits.usage === 'uncut') return valueLengthLimit === undefined;
  if (traits.usage === 'with-thoughts')
    return !steps.some(({ replies }) => replies.some(({ reasoning }) => reasoning));
  return traits.usage !== 'none';
}

/** Everything that was said in a scenario, to find it where it should not be. */
const wordsOf = ({ steps }: Scenario): readonly string[] =>
  steps
    .flatMap(({ user, replies }) => [user, ...replies.map(({ text }) => text)])
    .filter((text) => text !== undefined && text.length > MIN_WORDS) as string[];

function compareWords(
  scenario: Scenario,
  expected: ExpectedThread,
  got: Conversation,
): readonly Difference[] {
  // Where values are cut, words are lost: what is left is the shape.
  if (scenario.valueLengthLimit !== undefined) return [];
  if (scenario.capture !== false) return compareThread(expected, got);
  const told = show(got.messages.map(({ parts }) => parts));
  return difference(
    'told',
    [],
    wordsOf(scenario).filter((words) => told.includes(words)),
  );
}

/** Without what nobody can foresee. */
const foreseen = (
  { traits: { agentNames, withoutDraws = (part) => part } }: Producer,
  conversation: Conversation,
): Conversation => ({
  ...conversation,
  messages: conversation.messages.map((message) => ({
    ...message,
    name: agentNames ? undefined : message.name,
    parts: message.parts.map(withoutDraws),
  })),
});

/** Compares the conversations that a recording gives with what its scenario says, word for word. */
export function compare(
  producer: Producer,
  scenario: Scenario,
  { threads, usage }: RecordingHeader,
  conversations: readonly Conversation[],
): readonly Difference[] {
  const keys = Object.keys(threads);
  const isNamed = scenario.threadIdOn !== 'none';
  const ids = isNamed
    ? difference(
        'threads',
        keys.map((key) => threads[key]?.threadId ?? '').toSorted(alphabetical),
        conversations.map(({ threadId }) => threadId).toSorted(alphabetical),
      )
    : difference('number of threads', keys.length, conversations.length);
  const expected = expectThreads(scenario, producer.traits);
  const spoken = keys.flatMap((key) => {
    const thread = expected[key];
    const found = isNamed
      ? conversations.find(({ threadId }) => threadId === threads[key]?.threadId)
      : conversations[0];
    if (thread === undefined || found === undefined) return [];
    const userId = threads[key]?.userId;
    // Some producers make up their users.
    const users = isNamed && userId ? difference('user', [userId], found.userIds) : [];
    return [...users, ...compareWords(scenario, thread, foreseen(producer, found))];
  });
  const tokens = tellsUsage(producer, scenario)
    ? (['inputTokens', 'outputTokens'] as const).flatMap((key) =>
        difference(key, usage[key], sumOf(conversations, key)),
      )
    : [];
  return [...ids, ...spoken, ...tokens];
}
