import type { Dialect } from '../dialect.js';
import { plainOrJson } from '../content-rules.js';

/** Since August 2026 what may tell of persons stands under `lk.pii.`. */
const both = (name: string) => [`lk.pii.${name}`, `lk.${name}`] as const;

/**
 * LiveKit Agents: one trace is one call with all its turns. The request to the model stands on
 * `llm_request` as GenAI events, which `otel-genai` reads; `llm_node` around it has the whole
 * context as JSON and the answer in pieces.
 */
export const liveKit: Dialect = {
  name: 'livekit',
  marks: ['lk.'],
  scopes: [/^livekit-agents$/],
  names: [
    [/^llm_request$/, 'llm'],
    [/^llm_request_run$/, 'chain'],
    [/^llm_node$/, 'chain'],
    [/^function_tool$/, 'tool'],
    [/^agent_turn$/, 'agent'],
    [/^user_turn$/, 'turn'],
    [/^(?:job_entrypoint|agent_session|start_agent_activity|drain_agent_activity)$/, 'chain'],
  ],
  fields: {
    toolName: ['lk.function_tool.name'],
    toolCallId: ['lk.function_tool.id'],
    agentName: ['lk.agent_name'],
    timeToFirstChunk: ['lk.response.ttft'],
  },
  input: [
    ...both('chat_ctx').map((key) => plainOrJson(key, 'input')),
    ...both('user_input').map((key) => plainOrJson(key, 'input')),
    ...both('user_transcript').map((key) => plainOrJson(key, 'input')),
    ...both('function_tool.arguments').map((key) => plainOrJson(key, 'input')),
  ],
  output: [
    ...both('response.text').map((key) => plainOrJson(key, 'output')),
    ...both('function_tool.output').map((key) => plainOrJson(key, 'output')),
  ],
};
