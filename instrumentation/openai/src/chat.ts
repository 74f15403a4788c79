import type OpenAI from 'openai';
import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  knownAttributes,
  type Collector,
  type GenerationRequest,
  type GenerationResponse,
  type ResponseReader,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  encodeJson,
  encodeMessages,
  toMessage,
} from '@colloquy/threads/instrumentation';
import { OUTPUT_TYPES } from './output-types.js';
import {
  ATTR_OPENAI_API_TYPE,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
} from './semconv.js';

type Request = OpenAI.ChatCompletionCreateParams;
type Completion = OpenAI.ChatCompletion;
type Chunk = OpenAI.ChatCompletionChunk;
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta;
type Choice = Pick<OpenAI.ChatCompletion.Choice, 'index' | 'message'> & {
  readonly finish_reason?: unknown;
};
type ToolCall = NonNullable<Delta['tool_calls']>[number];

const toolContent = ({ tools }: Request): Attributes =>
  tools === undefined
    ? {}
    : {
        [ATTR_GEN_AI_TOOL_DEFINITIONS]: encodeJson(
          tools.map((tool) =>
            tool.type === 'function' ? { type: tool.type, ...tool.function } : tool,
          ),
        ),
      };

/** A chat completion as it is asked for. */
export const chatRequest = (
  body: Request,
): Pick<GenerationRequest, 'operation' | 'model' | 'attributes' | 'content'> => ({
  operation: 'chat',
  model: body.model,
  attributes: knownAttributes({
    [ATTR_OPENAI_API_TYPE]: 'chat_completions',
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: body.service_tier,
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: body.max_completion_tokens ?? body.max_tokens,
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: body.temperature,
    [ATTR_GEN_AI_REQUEST_TOP_P]: body.top_p,
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: body.frequency_penalty,
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: body.presence_penalty,
    [ATTR_GEN_AI_REQUEST_SEED]: body.seed,
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: typeof body.stop === 'string' ? [body.stop] : body.stop,
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: body.n === 1 ? undefined : body.n,
    [ATTR_GEN_AI_REQUEST_STREAM]: body.stream === true ? true : undefined,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: body.reasoning_effort,
    [ATTR_GEN_AI_OUTPUT_TYPE]: OUTPUT_TYPES[body.response_format?.type ?? ''],
  }),
  content: () => ({
    [ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages(
      body.messages.map((message) => toMessage({ ...message })),
    ),
    ...toolContent(body),
  }),
});

/** What an answer and the pieces of a streamed one say beside their choices. */
interface Head {
  readonly id?: unknown;
  readonly model?: unknown;
  readonly service_tier?: unknown;
  readonly system_fingerprint?: unknown;
  readonly usage?: Completion['usage'] | null;
}

interface Answer extends Head {
  readonly choices: readonly Choice[];
}

const responseOf = ({ choices, usage, ...answer }: Answer): GenerationResponse => ({
  attributes: knownAttributes({
    [ATTR_GEN_AI_RESPONSE_ID]: answer.id,
    [ATTR_GEN_AI_RESPONSE_MODEL]: answer.model,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: choices.map((choice) => choice.finish_reason),
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: usage?.prompt_tokens,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: usage?.completion_tokens,
    [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage?.prompt_tokens_details?.cached_tokens,
    [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage?.completion_tokens_details?.reasoning_tokens,
    [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: answer.service_tier,
    [ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT]: answer.system_fingerprint,
  }),
  content: () => ({
    [ATTR_GEN_AI_OUTPUT_MESSAGES]: encodeMessages(
      choices.map(({ message, finish_reason: reason }) => ({
        ...toMessage({ ...message, role: 'assistant' }),
        finish_reason: typeof reason === 'string' ? reason : 'error',
      })),
    ),
  }),
});

/** The words of one choice as they come in. */
class ChoiceCollector {
  readonly #toolCalls = new Map<number, { id: string; name: string; arguments: string }>();
  #content = '';
  #refusal = '';
  #reasoning = '';
  #reason: string | undefined;

  add({ delta, finish_reason: reason }: OpenAI.ChatCompletionChunk.Choice): void {
    const {
      content,
      refusal,
      reasoning_content: reasoning,
    } = delta as Delta & {
      readonly reasoning_content?: string | null;
    };
    this.#content += content ?? '';
    this.#refusal += refusal ?? '';
    this.#reasoning += reasoning ?? '';
    for (const call of delta.tool_calls ?? []) this.#addCall(call);
    this.#reason = reason ?? this.#reason;
  }

  #addCall({ index, id, function: called }: ToolCall): void {
    const call = this.#toolCalls.get(index) ?? { id: '', name: '', arguments: '' };
    this.#toolCalls.set(index, call);
    call.id = id ?? call.id;
    call.name += called?.name ?? '';
    call.arguments += called?.arguments ?? '';
  }

  choice(index: number): Choice {
    const message = {
      role: 'assistant' as const,
      content: this.#content,
      refusal: this.#refusal || null,
      ...(this.#reasoning !== '' && { reasoning_content: this.#reasoning }),
      tool_calls: [...this.#toolCalls.values()].map(({ id, ...called }) => ({
        id,
        type: 'function' as const,
        function: called,
      })),
    };
    return { index, message, finish_reason: this.#reason };
  }
}

function collect(): Collector {
  const choices = new Map<number, ChoiceCollector>();
  let head: Head = {};
  return {
    add: (piece) => {
      const { choices: spoken, usage, ...said } = piece as Chunk;
      // Usage comes in a piece of its own; what others leave out does not take it back.
      head = { ...head, ...said, ...(usage && { usage }) };
      for (const choice of spoken) {
        const known = choices.get(choice.index) ?? new ChoiceCollector();
        choices.set(choice.index, known);
        known.add(choice);
      }
    },
    response: () => {
      const told = [...choices].map(([index, choice]) => choice.choice(index));
      return responseOf({ ...head, choices: told.toSorted((a, b) => a.index - b.index) });
    },
  };
}

/** Chat completions as they are answered. */
export const chatReader: ResponseReader = {
  read: (answer) => responseOf(answer as Completion),
  collect,
};
