import { fieldsOf } from './fields.js';
import { recordGenerate, recordStream, type TracerOf } from './record-call.js';

/** What calls a language model, in versions 5 and 6 of the SDK. */
interface Model {
  readonly provider: string;
  readonly modelId: string;
  doGenerate(params: unknown): PromiseLike<unknown>;
  doStream(params: unknown): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

export const isModel = (value: unknown): value is Model => {
  const { doGenerate, doStream } = fieldsOf(value);
  return typeof doGenerate === 'function' && typeof doStream === 'function';
};

/** A model that does what the given one does, of whatever version of the interface, in spans. */
export function recordedModel(model: Model, tracerOf: TracerOf): Model {
  const callOf = (params: unknown) => ({
    provider: model.provider,
    modelId: model.modelId,
    params,
  });
  const methods = {
    doGenerate: (params: unknown) =>
      recordGenerate(callOf(params), tracerOf, () => model.doGenerate(params)),
    doStream: (params: unknown) =>
      recordStream(callOf(params), tracerOf, () => model.doStream(params)),
  };
  return new Proxy(model, {
    // Getters of classes with private fields need the model itself.
    get: (target, key) =>
      Object.hasOwn(methods, key)
        ? Reflect.get(methods, key)
        : (Reflect.get(target, key, target) as unknown),
  });
}
