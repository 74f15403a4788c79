import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_DATA_SOURCE_ID,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_TOOL_TYPE,
  ATTR_GEN_AI_WORKFLOW_NAME,
  knownAttributes,
  type ReadResult,
  type StepRequest,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  encodeJson,
  encodeMessages,
  toParts,
  type Message,
} from '@colloquy/threads/instrumentation';
import { fieldsOf, listOf, type Fields } from './fields.js';
import { isMessage, toGenAiMessage } from './messages.js';

/** The class of what runs; @param serialized - as LangChain describes it */
function classOf(serialized: unknown): string {
  const name = listOf(fieldsOf(serialized)['id']).at(-1);
  return typeof name === 'string' ? name : 'unknown';
}

/** Classes whose runs answer by models and tools, with as many turns as it takes. */
const AGENTS: ReadonlySet<string> = new Set([
  'AgentExecutor',
  'CompiledGraph',
  'CompiledStateGraph',
  'LangGraph',
  'Pregel',
  'RemoteGraph',
]);

/** Whether a run of a chain is told as one of an agent. */
export const isAgent = (serialized: unknown): boolean => AGENTS.has(classOf(serialized));

const rawOf = (role: string, value: unknown): readonly Message[] =>
  value === undefined ? [] : [{ role, parts: [{ type: 'raw', content: value }] }];

/** What goes into a chain and comes out of it, as messages; LangChain puts single values into an object. */
function messagesOf(role: string, value: unknown): readonly Message[] {
  if (typeof value === 'string') return [{ role, parts: toParts(value) }];
  if (isMessage(value)) return [toGenAiMessage(value)];
  if (Array.isArray(value) && value.length > 0 && value.every(isMessage))
    return value.map(toGenAiMessage);
  const { messages, input, output } = fieldsOf(value);
  if (Array.isArray(messages)) return messages.map(toGenAiMessage);
  const single = role === 'user' ? input : output;
  return single === undefined ? rawOf(role, value) : messagesOf(role, single);
}

/** The answer of a run; a graph's state holds all that was said before too. */
const answerOf = (result: unknown): readonly Message[] =>
  messagesOf('assistant', result)
    .slice(-1)
    .map((message) => ({ ...message, finish_reason: 'stop' }));

/** A run of an agent or of a workflow. */
export function chainRequest(serialized: unknown, inputs: unknown, given?: string): StepRequest {
  const name = given ?? classOf(serialized);
  const [operation, key] = isAgent(serialized)
    ? ['invoke_agent', ATTR_GEN_AI_AGENT_NAME]
    : ['invoke_workflow', ATTR_GEN_AI_WORKFLOW_NAME];
  return {
    name: `${operation} ${name}`,
    attributes: { [ATTR_GEN_AI_OPERATION_NAME]: operation, [key]: name },
    content: () => ({ [ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages(messagesOf('user', inputs)) }),
  };
}

export const readChain: ReadResult = (outputs) => ({
  attributes: {},
  content: () => ({ [ATTR_GEN_AI_OUTPUT_MESSAGES]: encodeMessages(answerOf(outputs)) }),
});

/** What is JSON already stays as it is. */
function jsonOf(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return encodeJson(text);
  }
}

/** A call of a tool. @param input - text, or the JSON text of its arguments */
export function toolRequest(
  serialized: unknown,
  input: string,
  {
    name = classOf(serialized),
    callId,
  }: { readonly name?: string | undefined; readonly callId?: string | undefined },
): StepRequest {
  return {
    name: `execute_tool ${name}`,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
      [ATTR_GEN_AI_TOOL_NAME]: name,
      [ATTR_GEN_AI_TOOL_TYPE]: 'function',
      ...knownAttributes({ [ATTR_GEN_AI_TOOL_CALL_ID]: callId }),
    },
    content: () => ({ [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: jsonOf(input) }),
  };
}

export const readTool: ReadResult = (result) => {
  const { tool_call_id: callId, content } = fieldsOf(result);
  const said = callId === undefined ? result : content;
  return {
    attributes: knownAttributes({ [ATTR_GEN_AI_TOOL_CALL_ID]: callId }),
    content: () => ({ [ATTR_GEN_AI_TOOL_CALL_RESULT]: encodeJson(said) }),
  };
};

/** A search for documents. */
export function retrievalRequest(
  serialized: unknown,
  query: string,
  name = classOf(serialized),
): StepRequest {
  return {
    name: `retrieval ${name}`,
    kind: SpanKind.CLIENT,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: 'retrieval',
      [ATTR_GEN_AI_DATA_SOURCE_ID]: name,
    },
    content: () => ({ [ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT]: query }),
  };
}

const documentOf = (document: unknown): Fields => {
  const { id, pageContent: content, metadata } = fieldsOf(document);
  const { score } = fieldsOf(metadata);
  return { id, score, content, metadata };
};

export const readRetrieval: ReadResult = (documents) => ({
  attributes: {},
  content: () => ({
    [ATTR_GEN_AI_RETRIEVAL_DOCUMENTS]: encodeJson(listOf(documents).map(documentOf)),
  }),
});
