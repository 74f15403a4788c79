import type { Dialect } from '../dialect.js';
import { plainOrJson } from '../content-rules.js';

/**
 * Spring AI. Its model spans speak OTel; around them stand clients, advisors and tools. Since 1.0 messages
 * go to the application's log alone, so that most of its conversations have no words.
 * @see https://docs.spring.io/spring-ai/reference/observability/index.html
 */
export const springAi: Dialect = {
  name: 'spring-ai',
  marks: ['spring.ai.'],
  kinds: [
    {
      key: 'spring.ai.kind',
      kinds: {
        chat_client: 'agent',
        advisor: 'chain',
        tool_call: 'tool',
        vector_store: 'retriever',
      },
    },
  ],
  fields: { toolName: ['spring.ai.tool.definition.name'] },
  input: [plainOrJson('spring.ai.tool.call.arguments', 'input')],
  output: [plainOrJson('spring.ai.tool.call.result', 'output')],
};
