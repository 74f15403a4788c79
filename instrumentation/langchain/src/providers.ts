/** LangChain's names of providers where the conventions have others. */
const PROVIDERS: Readonly<Record<string, string>> = {
  amazon_bedrock: 'aws.bedrock',
  azure: 'azure.ai.openai',
  azure_openai: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  google: 'gcp.gen_ai',
  google_genai: 'gcp.gemini',
  google_vertexai: 'gcp.vertex_ai',
  googlegenerativeai: 'gcp.gemini',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  moonshot: 'moonshot_ai',
  vertexai: 'gcp.vertex_ai',
  watsonx: 'ibm.watsonx.ai',
  xai: 'x_ai',
};

/** Who answers, in the words of the conventions. @param given - `ls_provider` of a run */
export function providerOf(given: unknown): string {
  const name = typeof given === 'string' && given !== '' ? given.toLowerCase() : 'langchain';
  return Object.hasOwn(PROVIDERS, name) ? (PROVIDERS[name] as string) : name;
}
