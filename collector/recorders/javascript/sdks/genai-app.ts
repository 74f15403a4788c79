import type { Content, FunctionDeclaration, GenerateContentParameters, Part } from '@google/genai';
import type * as genai from '@google/genai';
import type {
  CompleteApp,
  Completion,
  ModelRequest,
  PlayTool,
  ToolResult,
} from '../../../dist/emitters/app.js';
import type { Play } from '../../../dist/recorder/play.js';
import type { Attachment } from '../../../dist/scenarios/scenario.js';

const MODEL = 'gemini-2.5-flash';

/** An app over Google's Gen AI SDK: it keeps the contents and sends all of them with each call. */
export class GenAiApp implements CompleteApp<Content> {
  readonly #sdk: Pick<typeof genai, 'GoogleGenAI'>;
  readonly #baseUrl: string;

  constructor(sdk: Pick<typeof genai, 'GoogleGenAI'>, { providerUrl }: Play) {
    this.#sdk = sdk;
    this.#baseUrl = providerUrl;
  }

  user(text: string, attachments: readonly Attachment[]): Content {
    return { role: 'user', parts: [{ text }, ...attachments.map(mediaPart)] };
  }

  assistant(text: string): Content {
    return { role: 'model', parts: [{ text }] };
  }

  toolResults(results: readonly ToolResult[]): readonly Content[] {
    const parts = results.map(({ call, text }): Part => ({
      functionResponse: {
        ...(call.id !== '' && { id: call.id }),
        name: call.name,
        response: { result: text },
      },
    }));
    return [{ role: 'user', parts }];
  }

  async complete(request: ModelRequest<Content>): Promise<Completion<Content>> {
    const { models } = new this.#sdk.GoogleGenAI({
      apiKey: request.thread.key,
      httpOptions: { baseUrl: this.#baseUrl },
    });
    const params = wireRequest(request);
    if (request.stream) {
      const chunks = await models.generateContentStream(params);
      return completion(await readStream(chunks, request.abandonAfter));
    }
    const { candidates } = await models.generateContent(params);
    return completion(candidates?.[0]?.content?.parts ?? []);
  }
}

function wireRequest(request: ModelRequest<Content>): GenerateContentParameters {
  const { system, messages, tools, schema } = request;
  return {
    model: MODEL,
    contents: [...messages],
    config: {
      systemInstruction: system,
      ...(tools.length > 0 && { tools: [{ functionDeclarations: tools.map(wireTool) }] }),
      ...(schema !== undefined && {
        responseMimeType: 'application/json',
        responseJsonSchema: schema,
      }),
    },
  };
}

/** Texts in a row become one part, up to the piece after which the app leaves. */
async function readStream(
  chunks: AsyncIterable<genai.GenerateContentResponse>,
  abandonAfter: number | undefined,
): Promise<Part[]> {
  const parts: Part[] = [];
  let pieces = 0;
  for await (const { candidates } of chunks) {
    for (const part of candidates?.[0]?.content?.parts ?? []) {
      const last = parts.at(-1);
      if (part.text !== undefined && last?.text !== undefined && last.thought === part.thought)
        last.text += part.text;
      else parts.push({ ...part });
      if (part.text) pieces += 1;
    }
    if (pieces === abandonAfter) break;
  }
  return parts;
}

const completion = (parts: Part[]): Completion<Content> => ({
  messages: [{ role: 'model', parts }],
  text: parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join(''),
  toolCalls: parts.flatMap(({ functionCall }) =>
    functionCall
      ? [
          {
            id: functionCall.id ?? '',
            name: functionCall.name ?? '',
            arguments: functionCall.args ?? {},
          },
        ]
      : [],
  ),
});

const mediaPart = ({ mimeType, base64 }: Attachment): Part => ({
  inlineData: { mimeType, data: base64 },
});

const wireTool = ({ name, description, parameters }: PlayTool): FunctionDeclaration => ({
  name,
  description,
  parametersJsonSchema: parameters,
});
