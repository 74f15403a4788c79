import { AI_SDK } from './ai-sdk.js';
import { JAVASCRIPT_FRAMEWORKS } from './javascript-frameworks.js';
import { JAVASCRIPT_OPENAI } from './javascript-openai.js';
import { CODING_CLIS } from './coding-clis.js';
import { JAVASCRIPT_OPENAI_AGENTS } from './javascript-openai-agents.js';
import { JAVASCRIPT_PLATFORMS } from './javascript-platforms.js';
import { JAVASCRIPT_SDKS } from './javascript-sdks.js';
import type { Producer } from './producer.js';
import { PYTHON_ANTHROPIC } from './python-anthropic.js';
import { PYTHON_BEDROCK } from './python-bedrock.js';
import { PYTHON_GOOGLE_GENAI } from './python-google-genai.js';
import { PYTHON_OPENAI } from './python-openai.js';
import { PYTHON_PLATFORMS } from './python-platforms.js';
import { PYTHON_OPENAI_RESPONSES } from './python-openai-responses.js';
import { PYTHON_GOOGLE_ADK } from './python-google-adk.js';
import { PYTHON_LANGCHAIN } from './python-langchain.js';
import { PYTHON_OPENAI_AGENTS } from './python-openai-agents.js';
import { PYTHON_PYDANTIC_AI } from './python-pydantic-ai.js';
import { PYTHON_AG2 } from './python-ag2.js';
import { PYTHON_AGENT_FRAMEWORK } from './python-agent-framework.js';
import { PYTHON_AGNO } from './python-agno.js';
import { PYTHON_LIVEKIT } from './python-livekit.js';
import { PYTHON_LLAMAINDEX } from './python-llamaindex.js';
import { PYTHON_AUTOGEN } from './python-autogen.js';
import { PYTHON_HAYSTACK } from './python-haystack.js';
import { PYTHON_DSPY } from './python-dspy.js';
import { PYTHON_CREWAI } from './python-crewai.js';
import { PYTHON_SEMANTIC_KERNEL } from './python-semantic-kernel.js';
import { PYTHON_TRACELOOP } from './python-traceloop.js';
import { PYTHON_SMOLAGENTS } from './python-smolagents.js';
import { PYTHON_STRANDS } from './python-strands.js';

/** Every recorded producer, in the order of the matrix's rows. */
export const PRODUCERS: readonly Producer[] = [
  ...PYTHON_OPENAI,
  ...PYTHON_PLATFORMS,
  ...CODING_CLIS,
  ...PYTHON_OPENAI_RESPONSES,
  ...PYTHON_ANTHROPIC,
  ...PYTHON_TRACELOOP,
  ...PYTHON_GOOGLE_GENAI,
  ...PYTHON_BEDROCK,
  ...JAVASCRIPT_OPENAI,
  ...JAVASCRIPT_FRAMEWORKS,
  ...JAVASCRIPT_OPENAI_AGENTS,
  ...JAVASCRIPT_PLATFORMS,
  ...JAVASCRIPT_SDKS,
  ...AI_SDK,
  ...PYTHON_LANGCHAIN,
  ...PYTHON_PYDANTIC_AI,
  ...PYTHON_GOOGLE_ADK,
  ...PYTHON_OPENAI_AGENTS,
  ...PYTHON_LLAMAINDEX,
  ...PYTHON_AGNO,
  ...PYTHON_STRANDS,
  ...PYTHON_AGENT_FRAMEWORK,
  ...PYTHON_SEMANTIC_KERNEL,
  ...PYTHON_CREWAI,
  ...PYTHON_HAYSTACK,
  ...PYTHON_AUTOGEN,
  ...PYTHON_DSPY,
  ...PYTHON_SMOLAGENTS,
  ...PYTHON_LIVEKIT,
  ...PYTHON_AG2,
];
