import type { Dialect } from '../dialect.js';
import { attribute } from '../content-rules.js';

/**
 * Google's Agent Development Kit. Until its second format a span `call_llm` holds the request and the
 * response, around a `generate_content` without content; since then the OTel attributes say it all.
 * @see https://google.github.io/adk-docs/observability/
 */
export const googleAdk: Dialect = {
  name: 'google-adk',
  marks: ['gcp.vertex.agent.'],
  scopes: [/^gcp\.vertex\.agent$/],
  names: [
    [/^call_llm$/, 'llm'],
    [/^(?:invocation|invoke_workflow)(?: |$)/, 'turn'],
    [/^(?:invoke_agent|agent_run)(?: |$)/, 'agent'],
    [/^(?:execute_tool|tool_call|tool_response)(?: |$)/, 'tool'],
  ],
  input: [attribute('request', 'gcp.vertex.agent.llm_request', 'input')],
  output: [attribute('request', 'gcp.vertex.agent.llm_response', 'output')],
};
