import type { Message } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { indexed, plainOrJson } from '../content-rules.js';

const isNullText = ({ role, parts: [part, ...rest] }: Message): boolean =>
  role === 'assistant' && rest.length === 0 && part?.type === 'text' && part.content === 'null';

/** Up to 0.22 the JS package writes the absent text of a tool-call message as the word "null". */
const withoutNullText = ({ read, ...rule }: ContentRule): ContentRule => ({
  ...rule,
  read: (subject) =>
    read(subject)?.map((message) =>
      isNullText(message) ? { ...message, parts: [{ type: 'text', content: '' }] } : message,
    ),
});

/**
 * OpenLLMetry (Traceloop): its own numbered attributes until early 2026; newer versions write
 * the OTel message attributes, which `otel-genai` reads.
 */
export const openLlmetry: Dialect = {
  name: 'openllmetry',
  marks: ['traceloop.', 'llm.request.type', 'gen_ai.prompt.0.', 'gen_ai.completion.0.'],
  scopes: [/^@traceloop\//, /^traceloop\.tracer$/],
  kinds: [
    {
      key: 'llm.request.type',
      kinds: { chat: 'llm', completion: 'llm', embedding: 'embedding', rerank: 'reranker' },
    },
    {
      key: 'traceloop.span.kind',
      kinds: {
        workflow: 'chain',
        task: 'chain',
        agent: 'agent',
        tool: 'tool',
        handoff: 'chain',
        session: 'chain',
      },
    },
  ],
  fields: {
    toolName: ['traceloop.entity.name'],
    inputTokens: ['llm.usage.prompt_tokens'],
    outputTokens: ['llm.usage.completion_tokens'],
  },
  finishReasons: /^gen_ai\.completion\.(\d+)\.finish_reason$/,
  input: [
    withoutNullText(indexed('gen_ai.prompt', 'input')),
    plainOrJson('traceloop.entity.input', 'input'),
  ],
  output: [
    indexed('gen_ai.completion', 'output'),
    plainOrJson('traceloop.entity.output', 'output'),
  ],
};
