import type { GenerateContentResponse } from '@google/genai';
import {
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  knownAttributes,
  type Collector,
  type GenerationResponse,
  type ResponseReader,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  encodeMessages,
  type Message,
  type Part,
} from '@colloquy/threads/instrumentation';
import { toParts } from './content.js';

/** What is read of an answer, and of each piece of a streamed one. */
type Answer = Pick<
  GenerateContentResponse,
  'responseId' | 'modelVersion' | 'usageMetadata' | 'candidates' | 'promptFeedback'
>;

type Head = Omit<Answer, 'candidates'>;

/** One of the answers, as far as it has come. */
interface Choice {
  readonly parts: readonly Part[];
  readonly reason: string | undefined;
}

const sum = (...counts: readonly (number | undefined)[]): number | undefined =>
  counts.every((count) => count === undefined)
    ? undefined
    : counts.reduce<number>((total, count = 0) => total + count, 0);

const messageOf = ({ parts, reason = 'error' }: Choice): Message => ({
  role: 'assistant',
  parts,
  finish_reason: reason,
});

/** A prompt that is blocked has no answer, but a reason. */
const reasonsOf = (
  choices: readonly Choice[],
  blocked: string | undefined,
): readonly (string | undefined)[] =>
  choices.length > 0 || blocked === undefined
    ? choices.map(({ reason }) => reason)
    : [blocked.toLowerCase()];

/** Gemini counts thoughts, and what its own tools read, apart; the conventions count them in. */
const responseOf = (
  { usageMetadata: usage, ...head }: Head,
  choices: readonly Choice[],
): GenerationResponse => ({
  attributes: knownAttributes({
    [ATTR_GEN_AI_RESPONSE_ID]: head.responseId,
    [ATTR_GEN_AI_RESPONSE_MODEL]: head.modelVersion,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: reasonsOf(choices, head.promptFeedback?.blockReason),
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: sum(usage?.promptTokenCount, usage?.toolUsePromptTokenCount),
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: sum(usage?.candidatesTokenCount, usage?.thoughtsTokenCount),
    [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage?.cachedContentTokenCount,
    [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage?.thoughtsTokenCount,
  }),
  content: () => ({ [ATTR_GEN_AI_OUTPUT_MESSAGES]: encodeMessages(choices.map(messageOf)) }),
});

const SPOKEN: ReadonlySet<string> = new Set(['text', 'reasoning']);

/** Words that come in pieces are one part, unless something stands between. */
function addParts(parts: readonly Part[], more: readonly Part[]): readonly Part[] {
  const all = [...parts];
  for (const part of more) {
    const last = all.at(-1);
    if (last?.type === part.type && SPOKEN.has(part.type))
      all[all.length - 1] = {
        ...last,
        content: `${String(last['content'])}${String(part['content'])}`,
      };
    else all.push(part);
  }
  return all;
}

function collect(): Collector {
  const choices = new Map<number, Choice>();
  let head: Head = {};
  return {
    add: (piece) => {
      const { candidates = [], ...said } = piece as Answer;
      const known = Object.entries(said).filter(([, value]) => value !== undefined);
      head = { ...head, ...Object.fromEntries(known) };
      for (const { index = 0, content, finishReason } of candidates) {
        const { parts, reason } = choices.get(index) ?? { parts: [], reason: undefined };
        choices.set(index, {
          parts: addParts(parts, toParts(content)),
          reason: finishReason?.toLowerCase() ?? reason,
        });
      }
    },
    response: () =>
      responseOf(
        head,
        [...choices].toSorted(([a], [b]) => a - b).map(([, choice]) => choice),
      ),
  };
}

/** Content as it is answered. */
export const generateReader: ResponseReader = {
  read: (answer) => {
    const collector = collect();
    collector.add(answer);
    return collector.response();
  },
  collect,
};
