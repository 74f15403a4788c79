/** How the SDK's names of providers begin, where the conventions have others; the first that fits. */
const PROVIDERS: readonly (readonly [prefix: string, provider: string])[] = [
  ['amazon-bedrock', 'aws.bedrock'],
  ['bedrock', 'aws.bedrock'],
  ['azure', 'azure.ai.openai'],
  ['google.vertex', 'gcp.vertex_ai'],
  ['google-vertex', 'gcp.vertex_ai'],
  ['vertex', 'gcp.vertex_ai'],
  ['google', 'gcp.gemini'],
  ['mistral', 'mistral_ai'],
  ['moonshot', 'moonshot_ai'],
  ['xai', 'x_ai'],
];

/** Who answers, in the words of the conventions. @param given - as models have it, `openai.chat` */
export function providerOf(given: unknown): string {
  if (typeof given !== 'string' || given === '') return 'ai-sdk';
  const known = PROVIDERS.find(([prefix]) => given.startsWith(prefix));
  return known?.[1] ?? (given.split('.')[0] as string);
}
