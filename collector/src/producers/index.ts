import { AI_SDK } from './ai-sdk.js';
import { JAVASCRIPT_OPENAI } from './javascript-openai.js';
import { CODING_CLIS } from './coding-clis.js';
import type { Producer } from './producer.js';
import { PYTHON_ANTHROPIC } from './python-anthropic.js';
import { PYTHON_OPENAI } from './python-openai.js';
import { PYTHON_PLATFORMS } from './python-platforms.js';

/** Every recorded producer, in the order of the matrix's rows. */
export const PRODUCERS: readonly Producer[] = [
  ...PYTHON_OPENAI,
  ...PYTHON_PLATFORMS,
  ...CODING_CLIS,
  ...PYTHON_ANTHROPIC,
  ...JAVASCRIPT_OPENAI,
  ...AI_SDK,
];
