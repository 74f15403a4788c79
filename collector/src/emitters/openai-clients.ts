import type { OpenAI } from 'openai';
import type { Play } from '../recorder/play.js';

/** Gives the client of a conversation, which the provider knows by its API key. */
export type ClientOf = (key: string) => OpenAI;

/** Clients with their own retries off, so that each attempt is a call of its own. */
export function openAiClients(sdk: typeof OpenAI, { providerUrl }: Play): ClientOf {
  const clients = new Map<string, OpenAI>();
  return (key) => {
    const client =
      clients.get(key) ?? new sdk({ baseURL: `${providerUrl}/v1`, apiKey: key, maxRetries: 0 });
    clients.set(key, client);
    return client;
  };
}
