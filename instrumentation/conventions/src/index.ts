export { ATTRIBUTES } from './attributes.js';
export { checkSpan, type CheckedSpan } from './check-span.js';
