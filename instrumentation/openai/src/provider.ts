/** Providers that speak OpenAI's API, by host; the conventions name them. */
const PROVIDERS: readonly (readonly [host: RegExp, provider: string])[] = [
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
export function providerOf(baseUrl: unknown): string {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return 'openai';
  const { hostname } = new URL(baseUrl);
  return PROVIDERS.find(([host]) => host.test(hostname))?.[1] ?? 'openai';
}
