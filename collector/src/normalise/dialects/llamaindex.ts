import type { Dialect } from '../dialect.js';

/**
 * What LlamaIndex does otherwise than the tracers that watch it: the instrumentations take every
 * method of a model for a call of it, also the one that only puts a request together.
 */
export const llamaIndex: Dialect = {
  name: 'llamaindex',
  marks: [],
  scopes: [/^openinference\.instrumentation\.llama_index$/],
  names: [[/\._prepare_chat_with_tools$/, 'chain']],
};
