/**
 * For authors of instrumentations: how content is captured, watched and tied to messages. No promise is
 * made across minor versions.
 */
export { capturesContent, encodeJson, encodeMessages, encodeParts } from './capture.js';
export { toMessage, toPart, toParts, type Message, type Part } from './message.js';
export { isIterable, observe, once, whenForgotten, type Observer } from './observe.js';
export { linkSpan, type Linkable } from './parent.js';
export { contextAttributes, scopeOf, withScope, type Scope } from './scope.js';
export * from './semconv.js';
export { setTracerProvider } from './tracked-span.js';
export { guard, warnOnce } from './warn.js';
