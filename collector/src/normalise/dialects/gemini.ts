import type { Dialect } from '../dialect.js';

/**
 * Instrumentations of Google's model SDKs. What is common to them is the API below; they write
 * attributes that `otel-genai`, `openllmetry` and `openinference` read.
 */
export const gemini: Dialect = {
  name: 'gemini',
  marks: [],
  scopes: [/(?:google[-_]gen(?:ai|erative[-_]?ai)|vertexai)$/],
  resultsAreObjects: true,
};
