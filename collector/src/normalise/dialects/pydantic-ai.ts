import type { Dialect } from '../dialect.js';
import { attribute } from '../content-rules.js';
import { eventList } from '../event-list.js';

/**
 * Pydantic AI, all formats of its instrumentation. From the second on, model calls write the OTel
 * message attributes, which `otel-genai` reads; the first has a list of events in one attribute.
 * @see https://ai.pydantic.dev/logfire/
 */
export const pydanticAi: Dialect = {
  name: 'pydantic-ai',
  marks: ['pydantic_ai.', 'all_messages_events', 'model_request_parameters'],
  scopes: [/^pydantic-ai$/],
  names: [
    [/^agent run$/, 'agent'],
    [/^(?:running tool|tool)(?:: |$)/, 'tool'],
    [/^running (?:output function|\d+ tools)/, 'chain'],
  ],
  fields: {
    agentName: ['agent_name'],
    requestModel: ['model_name'],
  },
  input: [
    eventList('events', 'input'),
    attribute('value', 'pydantic_ai.all_messages', 'input'),
    eventList('all_messages_events', 'input'),
  ],
  output: [eventList('events', 'output'), attribute('value', 'final_result', 'output')],
};
