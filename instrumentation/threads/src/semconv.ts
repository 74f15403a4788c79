/**
 * Every attribute that our packages write. Names under `gen_ai.`, `session.` and `user.` are of the
 * OpenTelemetry semantic conventions; they are unstable and therefore spelled out here.
 * @see https://github.com/open-telemetry/semantic-conventions-genai
 */
export const ATTR_GEN_AI_CONVERSATION_ID = 'gen_ai.conversation.id';
export const ATTR_GEN_AI_OPERATION_NAME = 'gen_ai.operation.name';
export const ATTR_GEN_AI_PROVIDER_NAME = 'gen_ai.provider.name';
export const ATTR_GEN_AI_AGENT_NAME = 'gen_ai.agent.name';
export const ATTR_GEN_AI_TOOL_NAME = 'gen_ai.tool.name';
export const ATTR_GEN_AI_TOOL_CALL_ID = 'gen_ai.tool.call.id';
export const ATTR_GEN_AI_TOOL_CALL_ARGUMENTS = 'gen_ai.tool.call.arguments';
export const ATTR_GEN_AI_TOOL_CALL_RESULT = 'gen_ai.tool.call.result';
export const ATTR_GEN_AI_REQUEST_MODEL = 'gen_ai.request.model';
export const ATTR_GEN_AI_RESPONSE_FINISH_REASONS = 'gen_ai.response.finish_reasons';
export const ATTR_GEN_AI_INPUT_MESSAGES = 'gen_ai.input.messages';
export const ATTR_GEN_AI_OUTPUT_MESSAGES = 'gen_ai.output.messages';
export const ATTR_GEN_AI_USAGE_INPUT_TOKENS = 'gen_ai.usage.input_tokens';
export const ATTR_GEN_AI_USAGE_OUTPUT_TOKENS = 'gen_ai.usage.output_tokens';
export const ATTR_ERROR_TYPE = 'error.type';
export const ATTR_SESSION_ID = 'session.id';
export const ATTR_USER_ID = 'user.id';

/** What a span of ours reports: `message`, `event` or `feedback`. */
export const ATTR_COLLOQUY_SPAN_KIND = 'colloquy.span.kind';
/** The thread that the span belongs to. */
export const ATTR_COLLOQUY_THREAD_ID = 'colloquy.thread.id';
/** The thread's tags; string[]. */
export const ATTR_COLLOQUY_THREAD_TAGS = 'colloquy.thread.tags';
/** Prefix of the thread's metadata, one attribute a key; what is no string, number or boolean is JSON text. */
export const ATTR_COLLOQUY_METADATA = 'colloquy.metadata';
/** What the application knows of the user; a JSON object as text. */
export const ATTR_COLLOQUY_USER_PROPS = 'colloquy.user.props';
/** The message that is reported or judged. */
export const ATTR_COLLOQUY_MESSAGE_ID = 'colloquy.message.id';
/** The message that the reported one follows. */
export const ATTR_COLLOQUY_MESSAGE_PARENT_ID = 'colloquy.message.parent_id';
/** The message that the reported one stands in place of: an edit, a regenerated answer. */
export const ATTR_COLLOQUY_MESSAGE_REPLACES = 'colloquy.message.replaces';
/** What the application said of one message; a JSON object as text. */
export const ATTR_COLLOQUY_MESSAGE_METADATA = 'colloquy.message.metadata';
/** The message that set off this run of a model, an agent or a tool. */
export const ATTR_COLLOQUY_PARENT_MESSAGE_ID = 'colloquy.parent.message_id';
/** What happened. */
export const ATTR_COLLOQUY_EVENT_NAME = 'colloquy.event.name';
/** More about it; a JSON object as text. */
export const ATTR_COLLOQUY_EVENT_METADATA = 'colloquy.event.metadata';
/** A user's judgement; a JSON object as text, in which `null` takes a key back; `null` alone takes back all. */
export const ATTR_COLLOQUY_FEEDBACK = 'colloquy.feedback';
