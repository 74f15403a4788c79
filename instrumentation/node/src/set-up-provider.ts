import {
  context,
  propagation,
  ProxyTracerProvider,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import { ThreadSpanProcessor } from '@colloquy/threads';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Config } from './config.js';
import { createExporter } from './create-exporter.js';
import { ExportProcessor } from './export-processor.js';
import { currentProvider, joinProvider } from './join-provider.js';
import { warnOnce } from '@colloquy/threads/instrumentation';

type OnReplaced = (provider: TracerProvider, processors: readonly SpanProcessor[]) => void;

const resourceOf = ({ serviceName }: Config) =>
  defaultResource()
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(
      resourceFromAttributes(serviceName === undefined ? {} : { 'service.name': serviceName }),
    );

/**
 * To an application's own provider the thread is added, and our exporter only where it was asked for:
 * the application may send to the collector itself.
 */
function join(provider: TracerProvider, config: Config): readonly SpanProcessor[] {
  const exporter =
    config.exports && config.endpoint !== undefined
      ? [new ExportProcessor(createExporter(config))]
      : [];
  const isJoined = joinProvider(provider, [new ThreadSpanProcessor(), ...exporter]);
  if (!isJoined)
    warnOnce('the tracer provider takes no span processors; give it a ThreadSpanProcessor');
  return exporter;
}

/** Sets up what is missing: a provider, a context manager, propagators. */
function create(config: Config, onReplaced: OnReplaced): readonly SpanProcessor[] {
  const exporter = config.exports ? [new ExportProcessor(createExporter(config))] : [];
  const provider = new BasicTracerProvider({
    resource: resourceOf(config),
    spanProcessors: [new ThreadSpanProcessor(), ...exporter],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
  );
  trace.setGlobalTracerProvider(provider);
  makeWay(provider, config, onReplaced);
  return exporter;
}

/** An application that sets up a provider after us is not refused: it takes the place of ours, and is joined. */
function makeWay(own: TracerProvider, config: Config, onReplaced: OnReplaced): void {
  const register = trace.setGlobalTracerProvider.bind(trace);
  const proxy = trace.getTracerProvider();
  trace.setGlobalTracerProvider = (provider) => {
    if (currentProvider() !== own || !(proxy instanceof ProxyTracerProvider))
      return register(provider);
    proxy.setDelegate(provider);
    onReplaced(provider, join(provider, config));
    return true;
  };
}

/**
 * @param onReplaced - told of a provider that the application sets up later, and of what then holds back spans
 * @returns the processors that hold back spans
 */
export function setUpProvider(config: Config, onReplaced: OnReplaced): readonly SpanProcessor[] {
  const provider = currentProvider();
  return provider === undefined ? create(config, onReplaced) : join(provider, config);
}
