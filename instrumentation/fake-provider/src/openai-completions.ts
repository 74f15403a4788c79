import type {
  Completion,
  CompletionChoice,
  CompletionCreateParams,
} from 'openai/resources/completions';
import { pieces, type ApiShape, type ProviderAnswer } from './api-shape.js';
import { openaiError } from './openai-error.js';

/**
 * OpenAI's legacy Completions. The prompt is the one user message; tool calls are left out.
 * @see https://platform.openai.com/docs/api-reference/completions
 */
export const openaiCompletions: ApiShape = {
  matches: (path) => path === '/v1/completions',
  readRequest(body) {
    const { model, stream, prompt }: CompletionCreateParams = JSON.parse(body);
    const messages = [{ role: 'user' as const, text: readPrompt(prompt) }];
    return { model, stream: stream === true, messages };
  },
  responseId: (serial) => `cmpl-${serial}`,
  writeResponse: (answer) => ({
    ...writeChoice(answer, answer.reply.text ?? '', 'stop'),
    usage: writeUsage(answer),
  }),
  writeStream,
  writeError: openaiError,
};

/** Token lists count as no text. */
const readPrompt = (prompt: CompletionCreateParams['prompt']): string =>
  [prompt ?? '']
    .flat()
    .filter((part) => typeof part === 'string')
    .join('');

function* writeStream(answer: ProviderAnswer, body: string): Generator<string> {
  const { stream_options }: CompletionCreateParams = JSON.parse(body);
  for (const text of pieces(answer.reply.text ?? '')) yield frame(writeChoice(answer, text, null));
  yield frame(writeChoice(answer, '', 'stop'));
  if (stream_options?.include_usage === true) {
    yield frame({ ...writeChoice(answer, '', null), choices: [], usage: writeUsage(answer) });
  }
  yield 'data: [DONE]\n\n';
}

const frame = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;

/** Streamed choices have no reason to finish but the last, which the SDK's type does not allow for. */
type StreamedChoice = Omit<CompletionChoice, 'finish_reason'> & {
  readonly finish_reason: CompletionChoice['finish_reason'] | null;
};

const writeChoice = (
  { serial, createdAt, model }: ProviderAnswer,
  text: string,
  finish_reason: StreamedChoice['finish_reason'],
): Omit<Completion, 'choices'> & { readonly choices: StreamedChoice[] } => ({
  id: openaiCompletions.responseId(serial),
  object: 'text_completion',
  created: createdAt,
  model,
  choices: [{ text, index: 0, logprobs: null, finish_reason }],
});

const writeUsage = ({ usage: { inputTokens, outputTokens } }: ProviderAnswer) => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
});
