import type { Dialect } from '../dialect.js';
import { bedrockAgentCore } from './bedrock-agentcore.js';
import { claudeCode } from './claude-code.js';
import { codex } from './codex.js';
import { bedrock } from './bedrock.js';
import { agno } from './agno.js';
import { colloquy } from './colloquy.js';
import { langfuse } from './langfuse.js';
import { laminar } from './laminar.js';
import { langSmith } from './langsmith.js';
import { liteLlm } from './litellm.js';
import { logfire } from './logfire.js';
import { genkit } from './genkit.js';
import { mastra } from './mastra.js';
import { mlflow } from './mlflow.js';
import { dify } from './dify.js';
import { gemini } from './gemini.js';
import { geminiCli } from './gemini-cli.js';
import { googleAdk } from './google-adk.js';
import { ag2 } from './ag2.js';
import { openaiAgents } from './openai-agents.js';
import { haystack } from './haystack.js';
import { liveKit } from './livekit.js';
import { llamaIndex } from './llamaindex.js';
import { openInference } from './openinference.js';
import { openLit } from './openlit.js';
import { openLlmetry } from './openllmetry.js';
import { otelGenAi } from './otel-genai.js';
import { springAi } from './spring-ai.js';
import { pydanticAi } from './pydantic-ai.js';
import { strands } from './strands.js';
import { vercelAi } from './vercel-ai.js';
import { voltAgent } from './voltagent.js';

/**
 * Every dialect, in order of precedence: where two speak on one span, the first that has a
 * value for a field gives it. Those that state a kind of their own come before the shared one.
 */
export const DIALECTS: readonly Dialect[] = [
  colloquy,
  langfuse,
  langSmith,
  logfire,
  laminar,
  mlflow,
  liteLlm,
  strands,
  openLit,
  claudeCode,
  codex,
  geminiCli,
  bedrockAgentCore,
  dify,
  springAi,
  voltAgent,
  mastra,
  genkit,
  ag2,
  agno,
  llamaIndex,
  haystack,
  liveKit,
  openInference,
  vercelAi,
  pydanticAi,
  googleAdk,
  openaiAgents,
  otelGenAi,
  openLlmetry,
  bedrock,
  gemini,
];
