import { ProxyTracerProvider, trace, type TracerProvider } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Where the SDK's providers keep their processors: `addSpanProcessor` in major 1, a list in 2. */
interface Joinable {
  readonly addSpanProcessor?: (processor: SpanProcessor) => void;
  readonly _activeSpanProcessor?: { readonly _spanProcessors?: SpanProcessor[] };
}

/** The provider that the application has set up, if it has. */
export function currentProvider(): TracerProvider | undefined {
  const provider = trace.getTracerProvider();
  const delegate = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
  return delegate.constructor.name === 'NoopTracerProvider' ? undefined : delegate;
}

/**
 * Adds processors to a provider that is set up already, before its own: what is added to a span at its
 * start, its exporters then send too.
 *
 * @returns false when the provider has no place for them
 */
export function joinProvider(
  provider: TracerProvider,
  processors: readonly SpanProcessor[],
): boolean {
  const { _activeSpanProcessor: active, addSpanProcessor } = provider as unknown as Joinable;
  if (Array.isArray(active?._spanProcessors)) {
    active._spanProcessors.unshift(...processors);
    return true;
  }
  for (const processor of processors) addSpanProcessor?.call(provider, processor);
  return addSpanProcessor !== undefined;
}
