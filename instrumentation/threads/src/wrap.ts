import type { Attributes } from '@opentelemetry/api';
import { encodeJson, encodeMessages } from './capture.js';
import { toMessage, toParts, type Message } from './message.js';
import { runSpan, type Linked } from './run-span.js';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from './semconv.js';

type Wrapped<A extends readonly unknown[], R> = (...args: A) => Linked<R>;

/** One argument alone stands for itself. */
const inputOf = (args: readonly unknown[]): unknown => (args.length === 1 ? args[0] : args);

/** A stream of text is its text. */
const resultOf = (result: unknown): unknown =>
  Array.isArray(result) && result.length > 0 && result.every((piece) => typeof piece === 'string')
    ? result.join('')
    : result;

const isMessage = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  'role' in value &&
  ('content' in value || 'parts' in value);

/** Any value as messages: those that it holds, else one of this role that says it. */
function messagesOf(role: string, value: unknown): readonly Message[] {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  if (list.length > 0 && list.every(isMessage)) return list.map(toMessage);
  const parts = typeof value === 'string' ? toParts(value) : [{ type: 'raw', content: value }];
  return value === undefined ? [] : [{ role, parts }];
}

const told = (messages: readonly Message[]): readonly Message[] =>
  messages.map((message) =>
    message.role === 'assistant' ? { finish_reason: 'stop', ...message } : message,
  );

const inputAttributes = (value: unknown): Attributes => ({
  [ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages(messagesOf('user', value)),
});

const outputAttributes = (value: unknown): Attributes => ({
  [ATTR_GEN_AI_OUTPUT_MESSAGES]: encodeMessages(told(messagesOf('assistant', value))),
});

const nameOf = (fn: { readonly name: string }, given: string | undefined): string =>
  given ?? (fn.name === '' ? 'anonymous' : fn.name);

/** What {@link wrapAgent} and {@link wrapTool} may be told. */
export interface WrapOptions {
  /** The function's own name where it is left out. */
  readonly name?: string;
}

/**
 * Wraps a function that answers a user by any means. Model calls and tools inside are its own.
 * Errors and results are those of the function; `setParent` ties a run to the message it answers.
 */
export function wrapAgent<A extends unknown[], R>(
  fn: (...args: A) => R,
  { name }: WrapOptions = {},
): Wrapped<A, R> {
  const agent = nameOf(fn, name);
  return function wrappedAgent(this: unknown, ...args) {
    return runSpan(
      () => ({
        name: `invoke_agent ${agent}`,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent',
          [ATTR_GEN_AI_AGENT_NAME]: agent,
        },
        input: () => inputAttributes(inputOf(args)),
        output: (result) => outputAttributes(resultOf(result)),
      }),
      () => fn.apply(this, args),
    );
  };
}

/** Wraps a function that a model may call. */
export function wrapTool<A extends unknown[], R>(
  fn: (...args: A) => R,
  { name, callId }: WrapOptions & { readonly callId?: (...args: A) => string | undefined } = {},
): Wrapped<A, R> {
  const tool = nameOf(fn, name);
  return function wrappedTool(this: unknown, ...args) {
    return runSpan(
      () => ({
        name: `execute_tool ${tool}`,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
          [ATTR_GEN_AI_TOOL_NAME]: tool,
          // Some providers give calls no id, and applications make an empty one of that.
          ...(callId && { [ATTR_GEN_AI_TOOL_CALL_ID]: callId(...args) || undefined }),
        },
        input: () => ({ [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: encodeJson(inputOf(args)) }),
        output: (result) => ({ [ATTR_GEN_AI_TOOL_CALL_RESULT]: encodeJson(resultOf(result)) }),
      }),
      () => fn.apply(this, args),
    );
  };
}

/** Tokens counted, in all. */
interface Usage {
  readonly input?: number;
  readonly output?: number;
}

const usageAttributes = ({ input, output }: Usage): Attributes => ({
  ...(input !== undefined && { [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: input }),
  ...(output !== undefined && { [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: output }),
});

/** How the calls of a model are to be read. */
export interface ModelOptions<A extends readonly unknown[], R> extends WrapOptions {
  /** As the conventions name providers: `openai`, `anthropic`, or any other word. */
  readonly provider?: string;
  readonly model?: string | ((...args: A) => string);
  /** The messages sent; text, or messages in the form of OpenAI, Anthropic or the conventions. */
  readonly input?: (...args: A) => unknown;
  /** The answer in the result; of a stream, in the list of its pieces. */
  readonly output?: (result: Awaited<R>) => unknown;
  readonly usage?: (result: Awaited<R>) => Usage;
}

/** Wraps a function that calls a model for which there is no instrumentation. */
export function wrapModel<A extends unknown[], R>(
  fn: (...args: A) => R,
  { name, provider = 'custom', model, input, output, usage }: ModelOptions<A, R> = {},
): Wrapped<A, R> {
  const called = nameOf(fn, name);
  return function wrappedModel(this: unknown, ...args) {
    const requested = typeof model === 'function' ? () => model(...args) : () => model ?? called;
    return runSpan(
      () => ({
        name: `chat ${requested()}`,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: 'chat',
          [ATTR_GEN_AI_PROVIDER_NAME]: provider,
          [ATTR_GEN_AI_REQUEST_MODEL]: requested(),
        },
        input: () => inputAttributes(input === undefined ? inputOf(args) : input(...args)),
        output: (result) => {
          const value = resultOf(result) as Awaited<R>;
          return outputAttributes(output === undefined ? value : output(value));
        },
        ...(usage && { usage: (result) => usageAttributes(usage(result as Awaited<R>)) }),
      }),
      () => fn.apply(this, args),
    );
  };
}
