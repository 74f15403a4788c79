import type {
  FunctionTool,
  ResponseCreateParamsNonStreaming,
  ResponseInputContent,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import type { Attachment } from '../scenarios/scenario.js';
import type { CompleteApp, Completion, ModelRequest, PlayTool, ToolResult } from './app.js';
import type { ClientOf } from './openai-clients.js';

type Item = ResponseInputItem;

const MODEL = 'gpt-5-mini';

/**
 * An app over Responses: all items, the model's own included, go into each call, or, in a chain,
 * what is new and the id of the response before.
 */
export class OpenAiResponsesApp implements CompleteApp<Item> {
  readonly #clientOf: ClientOf;

  constructor(clientOf: ClientOf) {
    this.#clientOf = clientOf;
  }

  user(text: string, attachments: readonly Attachment[]): Item {
    if (attachments.length === 0) return { role: 'user', content: text };
    return { role: 'user', content: [{ type: 'input_text', text }, ...attachments.map(wirePart)] };
  }

  assistant(content: string): Item {
    return { role: 'assistant', content };
  }

  toolResults(results: readonly ToolResult[]): readonly Item[] {
    return results.map(({ call, text }) => ({
      type: 'function_call_output',
      call_id: call.id,
      output: text,
    }));
  }

  async complete(request: ModelRequest<Item>): Promise<Completion<Item>> {
    const { responses } = this.#clientOf(request.thread.key);
    const params = wireRequest(request);
    if (request.stream) {
      const stream = await responses.create({ ...params, stream: true });
      return readStream(stream, request.abandonAfter);
    }
    const { id, output } = await responses.create(params);
    return completion(id, output);
  }
}

function wireRequest(request: ModelRequest<Item>): ResponseCreateParamsNonStreaming {
  const { system, messages, tools, schema, previousResponseId } = request;
  return {
    model: MODEL,
    instructions: system,
    input: [...messages],
    ...(tools.length > 0 && { tools: tools.map(wireTool) }),
    ...(schema !== undefined && {
      text: {
        format: {
          type: 'json_schema',
          name: 'answer',
          schema: schema as Record<string, unknown>,
          strict: true,
        },
      },
    }),
    ...(previousResponseId !== undefined && { previous_response_id: previousResponseId }),
  };
}

async function readStream(
  stream: AsyncIterable<ResponseStreamEvent>,
  abandonAfter: number | undefined,
): Promise<Completion<Item>> {
  const output: ResponseOutputItem[] = [];
  let id = '';
  let text = '';
  let pieces = 0;
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    if (event.type === 'response.output_item.done') output.push(event.item);
    if (event.type === 'response.output_text.delta') {
      text += event.delta;
      pieces += 1;
      if (pieces === abandonAfter) return { messages: [], text, toolCalls: [] };
    }
  }
  return completion(id, output);
}

const completion = (
  responseId: string,
  output: readonly ResponseOutputItem[],
): Completion<Item> => ({
  messages: output,
  text: output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join(''),
  toolCalls: output
    .filter((item) => item.type === 'function_call')
    .map(({ call_id, name, arguments: text }) => ({
      id: call_id,
      name,
      arguments: JSON.parse(text),
    })),
  responseId,
});

function wirePart({ kind, mimeType, base64, name }: Attachment): ResponseInputContent {
  const url = `data:${mimeType};base64,${base64}`;
  return kind === 'image'
    ? { type: 'input_image', image_url: url, detail: 'auto' }
    : { type: 'input_file', filename: name, file_data: url };
}

const wireTool = ({ name, description, parameters }: PlayTool): FunctionTool => ({
  type: 'function',
  name,
  description,
  parameters: { ...parameters },
  strict: false,
});
