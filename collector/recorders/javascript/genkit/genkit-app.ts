import openAI from '@genkit-ai/compat-oai/openai';
import { dynamicTool, genkit, type GenerateOptions, type Genkit, type MessageData } from 'genkit';
import type { GenerateResponse, Part } from 'genkit';
import type { Answer, AnswerApp, ModelRequest, PlayTool } from '../../../dist/emitters/app.js';
import type { Play } from '../../../dist/recorder/play.js';
import type { Attachment } from '../../../dist/scenarios/scenario.js';

type Request = ModelRequest<MessageData>;

/** An app that keeps the history and has Genkit generate. */
export class GenkitApp implements AnswerApp<MessageData> {
  readonly #clients: ReadonlyMap<string, Genkit>;

  constructor({ providerUrl, threads }: Play) {
    const server = { baseURL: `${providerUrl}/v1`, maxRetries: 0 };
    this.#clients = new Map(
      Object.keys(threads).map((apiKey) => [
        apiKey,
        genkit({ plugins: [openAI({ apiKey, ...server })] }),
      ]),
    );
  }

  user(text: string, attachments: readonly Attachment[]): MessageData {
    return { role: 'user', content: [{ text }, ...attachments.map(mediaPart)] };
  }

  async answer(request: Request): Promise<Answer<MessageData>> {
    const ai = this.#clients.get(request.thread.key);
    if (ai === undefined) throw new Error(`no client for ${request.thread.key}`);
    const options = this.#options(request);
    if (!request.stream) return answerOf(request, await ai.generate(options));
    const leave = new AbortController();
    const { stream, response } = ai.generateStream({ ...options, abortSignal: leave.signal });
    const pieces: string[] = [];
    for await (const { text } of stream) {
      if (text !== '') pieces.push(text);
      if (pieces.length === request.abandonAfter) break;
    }
    if (request.abandonAfter === undefined) return answerOf(request, await response);
    leave.abort();
    await response.catch(() => undefined);
    const text = pieces.join('');
    return { messages: [{ role: 'model', content: [{ text }] }], text };
  }

  #options({ system, messages, tools, schema }: Request): GenerateOptions {
    return {
      model: 'openai/gpt-4o-mini',
      system,
      messages: [...messages],
      tools: tools.map(frameworkTool),
      ...(schema !== undefined && { output: { format: 'json', jsonSchema: schema } }),
    };
  }
}

/** A tool that fails tells the model in its own words: Genkit gives up when a tool throws. */
const frameworkTool = ({ name, description, parameters, run }: PlayTool) =>
  dynamicTool({ name, description, inputJsonSchema: parameters }, async (input) => {
    try {
      return await run(input as Record<string, unknown>);
    } catch (error) {
      return (error as Error).message;
    }
  });

function answerOf({ messages }: Request, response: GenerateResponse): Answer<MessageData> {
  const said = response.messages.filter(({ role }) => role !== 'system');
  return { messages: said.slice(messages.length), text: response.text };
}

const mediaPart = ({ mimeType, base64 }: Attachment): Part => ({
  media: { contentType: mimeType, url: `data:${mimeType};base64,${base64}` },
});
