import {
  context,
  createContextKey,
  ProxyTracerProvider,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import { setTracerProvider } from '@colloquy/threads/instrumentation';
import { StackContextManager } from './stack-context-manager.js';

const PROBE = createContextKey('colloquy probe');

function hasContextManager(): boolean {
  const probe = context.active().setValue(PROBE, true);
  return context.with(probe, () => context.active().getValue(PROBE) === true);
}

function hasTracerProvider(): boolean {
  const provider = trace.getTracerProvider();
  const none = new ProxyTracerProvider().getDelegate();
  return !(provider instanceof ProxyTracerProvider && provider.getDelegate() === none);
}

/**
 * Sends what threads report to a provider, and what others record too where the application has set up
 * no provider of its own. One that is there keeps its place, its spans and its sampling.
 * @returns what takes it back
 */
export function register(provider: TracerProvider): () => void {
  setTracerProvider(provider);
  const ownsTraces = !hasTracerProvider() && trace.setGlobalTracerProvider(provider);
  const ownsContext =
    !hasContextManager() && context.setGlobalContextManager(new StackContextManager());
  return () => {
    setTracerProvider(undefined);
    if (ownsTraces) trace.disable();
    if (ownsContext) context.disable();
  };
}
