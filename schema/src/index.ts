export type * from './message.js';
export type * from './units.js';
export type * from './otlp.js';
export type * from './span.js';
export type * from './facts.js';
export type * from './conversation.js';
export { ROLES } from './message.js';
export { SPAN_KINDS, STATUS_CODES } from './otlp.js';
export { CONTENT_SOURCES, OBSERVATION_KINDS } from './span.js';
