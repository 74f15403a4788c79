import { providerAt, type ProviderHosts } from '@colloquy/instrumentation-core';

/** Clouds that serve Anthropic's models by Anthropic's API; the conventions name them. */
const HOSTS: ProviderHosts = [
  [/\.amazonaws\.com$/, 'aws.bedrock'],
  [/\.googleapis\.com$/, 'gcp.vertex_ai'],
  [/\.azure\.com$/, 'azure.ai.inference'],
];

/** Who answers at an address; Anthropic where nothing says otherwise. */
export const providerOf = (baseUrl: unknown): string => providerAt(baseUrl, HOSTS, 'anthropic');
