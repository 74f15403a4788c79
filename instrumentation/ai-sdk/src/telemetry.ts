import { context } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_TOOL_TYPE,
  knownAttributes,
  Step,
  type ResponseReader,
  type StepRequest,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  encodeJson,
  guard,
  once,
  whenForgotten,
  type Observer,
} from '@colloquy/threads/instrumentation';
import { modelReader } from './answer.js';
import { fieldsOf, type Fields } from './fields.js';
import { startCall } from './record-call.js';
import type { ActiveTracer } from './patch.js';
import { asRecorded } from './recorded.js';
import { tapStream } from './tap-stream.js';

/** What version 7 of the SDK asks of a telemetry integration, as far as it is used. */
export interface TelemetryIntegration {
  executeLanguageModelCall<T>(event: Fields & { execute: () => PromiseLike<T> }): Promise<T>;
  executeTool<T>(event: Fields & { execute: () => PromiseLike<T> }): Promise<T>;
  onToolExecutionEnd(event: unknown): void;
}

/** What is told where an application lets no outputs be recorded. */
const withoutContent: ResponseReader = {
  read: (answer) => ({ ...modelReader.read(answer), content: () => ({}) }),
  collect: () => {
    const collector = modelReader.collect();
    return {
      add: (piece) => collector.add(piece),
      response: () => ({ ...collector.response(), content: () => ({}) }),
    };
  },
};

/** Hears a stream where the SDK goes on to read it. It stays the object that it is. */
function hearStream(stream: ReadableStream<unknown>, observer: Observer): void {
  whenForgotten(stream, observer);
  Object.defineProperty(stream, 'pipeThrough', {
    configurable: true,
    value: (...args: Parameters<ReadableStream<unknown>['pipeThrough']>) =>
      tapStream(stream, observer).pipeThrough(...args),
  });
}

function toolRequest(call: Fields, isTold: boolean): StepRequest {
  const name = String(call['toolName']);
  return {
    name: `execute_tool ${name}`,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
      [ATTR_GEN_AI_TOOL_NAME]: name,
      [ATTR_GEN_AI_TOOL_TYPE]: 'function',
      ...knownAttributes({ [ATTR_GEN_AI_TOOL_CALL_ID]: call['toolCallId'] }),
    },
    content: () => (isTold ? { [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: encodeJson(call['input']) } : {}),
  };
}

const readTool = (output: unknown) => ({
  attributes: {},
  content: () => ({ [ATTR_GEN_AI_TOOL_CALL_RESULT]: encodeJson(output) }),
});

const idOf = ({ callId }: Fields, { toolCallId }: Fields): string =>
  `${String(callId)} ${String(toolCallId)}`;

/** Records the model calls and tools of version 7 of the SDK. */
export function createTelemetry(active: ActiveTracer): TelemetryIntegration {
  /** Tools that have run and whose outputs are yet to be heard of, by the ids of run and call. */
  const ended = new Map<string, Observer>();
  return {
    executeLanguageModelCall: async ({ execute, ...event }) => {
      const tracerOf = active();
      const { provider, modelId, recordOutputs } = event;
      const reader = recordOutputs === false ? withoutContent : modelReader;
      const generation =
        tracerOf && startCall({ provider, modelId, params: event }, tracerOf, reader);
      if (generation === undefined) return execute();
      const observer = once(generation);
      try {
        const result = await context.with(asRecorded(generation.context), execute);
        const { stream } = fieldsOf(result);
        if (stream instanceof ReadableStream) guard(() => hearStream(stream, observer));
        else observer.done(result);
        return result;
      } catch (error) {
        observer.failed(error);
        throw error;
      }
    },
    executeTool: async ({ execute, ...event }) => {
      const tracerOf = active();
      const call = fieldsOf(event['toolCall']);
      const isTold = event['recordInputs'] !== false;
      const step = tracerOf && Step.start(tracerOf(), () => toolRequest(call, isTold), readTool);
      if (step === undefined) return execute();
      const observer = once(step);
      try {
        const result = await context.with(step.context, execute);
        ended.set(idOf(event, call), observer);
        return result;
      } catch (error) {
        observer.failed(error);
        throw error;
      }
    },
    onToolExecutionEnd: (event) => {
      const { toolCall, toolOutput, recordOutputs } = fieldsOf(event);
      const id = idOf(fieldsOf(event), fieldsOf(toolCall));
      const { output } = fieldsOf(toolOutput);
      ended.get(id)?.done(recordOutputs === false ? undefined : output);
      ended.delete(id);
    },
  };
}
