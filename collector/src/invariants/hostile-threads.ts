import type { ConversationMessage, Message, SpanFact } from '@colloquy/schema';
import fc, { type Arbitrary } from 'fast-check';
import { span } from '../conversation/testing/spans.js';
import { rebuild } from '../conversation/rebuild.js';
import { hashContent } from '../digest.js';
import { shuffle } from './delivery.js';
import { HostileApp, type Manner, type Move, type Reply } from './hostile-app.js';

const VOCABULARY =
  'lake train museum rain seat ticket summer boat window coffee bridge tower garden river castle morning platform bicycle harbour market'.split(
    ' ',
  );

/** Words that are said again and again, and words that are not. */
const words = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('ok', 'yes', 'thanks', 'go on') },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...VOCABULARY), { minLength: 2, maxLength: 7 })
      .map((list) => list.join(' ')),
  },
);
const thought = fc.option(words, { nil: undefined, freq: 3 });

const reply: Arbitrary<Reply> = fc.record({
  rounds: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({
          text: fc.oneof(fc.constant(''), words),
          thought,
          results: fc.array(words, { minLength: 1, maxLength: 3 }),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    },
  ),
  thought,
  text: fc.oneof({ weight: 9, arbitrary: words }, { weight: 1, arbitrary: fc.constant('') }),
});

const of = <K extends Move['kind']>(kind: K) => fc.constant(kind);
const nat = (max: number) => fc.nat({ max });
const share = fc.double({ min: 0.1, max: 0.9, noNaN: true });

const question: Arbitrary<Move> = fc.record({ kind: of('ask'), text: words, reply });

const move: Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: question },
  { weight: 1, arbitrary: fc.record({ kind: of('regenerate'), reply }) },
  { weight: 1, arbitrary: fc.record({ kind: of('edit'), back: nat(2), text: words, reply }) },
  { weight: 1, arbitrary: fc.record({ kind: of('retry'), text: words, reply }) },
  { weight: 1, arbitrary: fc.record({ kind: of('window'), keep: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: of('compact'), keep: nat(4), summary: words }) },
  { weight: 1, arbitrary: fc.record({ kind: of('clear') }) },
  { weight: 1, arbitrary: fc.record({ kind: of('leave'), share, isToldWhole: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: of('side'), text: words, answer: words }) },
);

const manner: Arbitrary<Manner> = fc.record({
  system: fc.option(fc.constant('You are Colette, a travel companion.'), { nil: undefined }),
  loses: fc
    .subarray(['thoughts', 'calls', 'words beside calls', 'blank answers'] as const)
    .map((list) => new Set(list)),
  hasIds: fc.boolean(),
  resultsTogether: fc.boolean(),
  traces: fc.constantFrom('calls', 'turns'),
});

/** An app, what it does, and the order in which what is told of it arrives. */
export interface HostileThread {
  readonly manner: Manner;
  readonly moves: readonly Move[];
  readonly order: number;
}

/** Two questions first: until then nothing tells whether an app sends its history. */
export const hostileThread: Arbitrary<HostileThread> = fc.record({
  manner,
  moves: fc
    .tuple(question, question, fc.array(move, { maxLength: 8 }))
    .map(([first, second, more]) => [first, second, ...more]),
  order: fc.integer(),
});

/** All that calls told, by hash. */
class Contents extends Map<string, Message> {
  keep(messages: readonly Message[]): readonly string[] {
    return messages.map((message) => {
      const hash = hashContent(message);
      this.set(hash, message);
      return hash;
    });
  }
}

const systemOf = (content: string | undefined): readonly Message[] =>
  content === undefined ? [] : [{ role: 'system', parts: [{ type: 'text', content }] }];

const SECOND = 1_000;

/** What was said in a thread and told by a call, and what is shown of it. */
export function playHostile({ manner: how, moves, order }: HostileThread): {
  readonly facts: readonly Message[];
  readonly messages: readonly ConversationMessage[];
} {
  const app = new HostileApp(how);
  for (const one of moves) app.play(one);
  const contents = new Contents();
  const spans = app.calls.map(({ turn, system, input, output }, index): SpanFact => ({
    ...span(`span-${String(index).padStart(3, '0')}`, {
      kind: 'llm',
      start: index * SECOND,
      input: contents.keep(input),
      output: contents.keep(output),
    }),
    traceId: `trace-${how.traces === 'calls' ? index : turn}`,
    endTimeUnixNano: BigInt(index * SECOND + SECOND / 2),
    systemHashes: contents.keep(systemOf(system)),
  }));
  const facts = { threadId: 'thread', spans: shuffle(spans, order), logs: [], contents };
  return {
    // The last words may not have been sent to anyone, and what an app altered was told as it was.
    facts: app.facts.filter((message) => contents.has(hashContent(message))),
    messages: rebuild(facts)?.messages ?? [],
  };
}
