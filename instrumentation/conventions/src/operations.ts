import { SpanKind } from '@opentelemetry/api';

/** What the conventions ask of the span of one operation. */
interface Operation {
  readonly kinds: readonly SpanKind[];
  /** Attributes that it has to have. */
  readonly required: readonly string[];
  /** The attribute that stands after the operation in the span's name, where there is one. */
  readonly named: string;
}

const inference: Operation = {
  kinds: [SpanKind.CLIENT, SpanKind.INTERNAL],
  required: ['gen_ai.provider.name'],
  named: 'gen_ai.request.model',
};

/** By `gen_ai.operation.name`. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  chat: inference,
  generate_content: inference,
  text_completion: inference,
  embeddings: { ...inference, kinds: [SpanKind.CLIENT] },
  retrieval: {
    kinds: [SpanKind.CLIENT, SpanKind.INTERNAL],
    required: [],
    named: 'gen_ai.data_source.id',
  },
  invoke_agent: {
    kinds: [SpanKind.CLIENT, SpanKind.INTERNAL],
    required: [],
    named: 'gen_ai.agent.name',
  },
  invoke_workflow: { kinds: [SpanKind.INTERNAL], required: [], named: 'gen_ai.workflow.name' },
  execute_tool: {
    kinds: [SpanKind.INTERNAL],
    required: ['gen_ai.tool.name'],
    named: 'gen_ai.tool.name',
  },
};
