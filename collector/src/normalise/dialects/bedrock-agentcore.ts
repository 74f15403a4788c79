import type { ContentRule, Dialect } from '../dialect.js';
import { readWhole } from '../read-whole.js';
import { AGENTCORE_BODY } from '../log-subject.js';

const side = (key: 'input' | 'output'): ContentRule => ({
  source: 'events',
  read: ({ events }) =>
    events.flatMap(({ name, attributes }) => {
      const told = name === AGENTCORE_BODY ? attributes.get(key) : undefined;
      const messages = told instanceof Map ? told.get('messages') : undefined;
      return messages == null
        ? []
        : (readWhole(messages, key === 'input' ? 'user' : 'assistant') ?? []);
    }),
});

/**
 * Bedrock AgentCore: AWS's distribution takes what was said out of the framework's spans and puts it
 * into a log record of the same span.
 * @see https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability.html
 */
export const bedrockAgentCore: Dialect = {
  name: 'bedrock-agentcore',
  marks: [AGENTCORE_BODY],
  input: [side('input')],
  output: [side('output')],
};
