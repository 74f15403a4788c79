import type { CallbackHandlerMethods } from '@langchain/core/callbacks/base';
import type { Tracer } from '@opentelemetry/api';
import { Generation, Step } from '@colloquy/instrumentation-core';
import { guard } from '@colloquy/threads/instrumentation';
import { modelReader } from './answer.js';
import { modelRequest, type ModelCall } from './chat.js';
import { fieldsOf } from './fields.js';
import { Runs, type RunStart } from './runs.js';
import {
  chainRequest,
  isAgent,
  readChain,
  readRetrieval,
  readTool,
  retrievalRequest,
  toolRequest,
} from './steps.js';

/** A handler of LangChain's callbacks. */
export interface CallbackHandler extends CallbackHandlerMethods {
  readonly name: string;
  /** LangChain tells it at once and in the place where things happen, not later from a queue. */
  readonly awaitHandlers: true;
}

/** LangGraph's interrupts are thrown, but they are no errors. */
const isInterrupt = (error: unknown): boolean => fieldsOf(error)['is_bubble_up'] === true;

/** What LangChain says of runs becomes spans. Its methods never throw. */
export function handlerOf(runs: Runs, tracerOf: () => Tracer): CallbackHandler {
  const startModel = (start: RunStart, call: ModelCall): void =>
    guard(() =>
      runs.start(start, () => Generation.start(tracerOf(), () => modelRequest(call), modelReader)),
    );
  const end = (result: unknown, id: string): void =>
    guard(() => runs.end(id, (run) => run.done(result)));
  const fail = (error: unknown, id: string): void =>
    guard(() =>
      runs.end(id, (run) => (isInterrupt(error) ? run.done(undefined) : run.failed(error))),
    );
  return {
    name: 'colloquy',
    awaitHandlers: true,
    handleChatModelStart: (_model, [messages = []], id, parentId, extra, tags, metadata) =>
      startModel(
        { id, parentId, tags, metadata },
        { operation: 'chat', messages, extra, metadata },
      ),
    handleLLMStart: (_model, messages, id, parentId, extra, tags, metadata) =>
      startModel(
        { id, parentId, tags, metadata },
        { operation: 'text_completion', messages, extra, metadata },
      ),
    handleLLMNewToken: (_token, _index, id, _parentId, _tags, fields) =>
      guard(() => {
        if (fields?.chunk !== undefined) runs.get(id)?.chunk?.(fields.chunk);
      }),
    handleChatModelStreamEvent: (event, id) => guard(() => runs.get(id)?.chunk?.(event)),
    handleLLMEnd: end,
    handleLLMError: fail,
    // Its types give these arguments another order than they are passed in.
    handleChainStart: (chain, inputs, id, parentId, tags, metadata, _type, name) =>
      guard(() =>
        runs.start({ id, parentId, tags, metadata }, () =>
          runs.isRoot(parentId) || isAgent(chain)
            ? Step.start(tracerOf(), () => chainRequest(chain, inputs, name), readChain)
            : undefined,
        ),
      ),
    handleChainEnd: end,
    handleChainError: fail,
    handleToolStart: (tool, input, id, parentId, tags, metadata, name, callId) =>
      guard(() =>
        runs.start({ id, parentId, tags, metadata }, () =>
          Step.start(tracerOf(), () => toolRequest(tool, input, { name, callId }), readTool),
        ),
      ),
    handleToolEnd: end,
    handleToolError: fail,
    handleRetrieverStart: (retriever, query, id, parentId, tags, metadata, name) =>
      guard(() =>
        runs.start({ id, parentId, tags, metadata }, () =>
          Step.start(tracerOf(), () => retrievalRequest(retriever, query, name), readRetrieval),
        ),
      ),
    handleRetrieverEnd: end,
    handleRetrieverError: fail,
  };
}
