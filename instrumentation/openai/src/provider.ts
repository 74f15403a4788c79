import { providerAt, type ProviderHosts } from '@colloquy/instrumentation-core';

/** Providers that speak OpenAI's API; the conventions name them. */
const HOSTS: ProviderHosts = [
  [/\.openai\.azure\.com$|\.cognitiveservices\.azure\.com$/, 'azure.ai.openai'],
  [/\.azure\.com$/, 'azure.ai.inference'],
  [/\.x\.ai$/, 'x_ai'],
  [/\.deepseek\.com$/, 'deepseek'],
  [/\.groq\.com$/, 'groq'],
  [/\.mistral\.ai$/, 'mistral_ai'],
  [/\.perplexity\.ai$/, 'perplexity'],
  [/\.moonshot\.(?:ai|cn)$/, 'moonshot_ai'],
  [/\.googleapis\.com$/, 'gcp.gemini'],
];

/** Who answers at an address; OpenAI where nothing says otherwise. */
export const providerOf = (baseUrl: unknown): string => providerAt(baseUrl, HOSTS, 'openai');
