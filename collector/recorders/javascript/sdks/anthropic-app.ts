import type { Anthropic } from '@anthropic-ai/sdk';
import type {
  ContentBlock,
  ContentBlockParam,
  MessageParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import type {
  CompleteApp,
  Completion,
  ModelRequest,
  PlayTool,
  ToolResult,
} from '../../../dist/emitters/app.js';
import type { Play } from '../../../dist/recorder/play.js';
import type { Attachment } from '../../../dist/scenarios/scenario.js';

/** What Anthropic's models take, wherever they are served; the model is named elsewhere. */
export interface AnthropicBody {
  readonly max_tokens: number;
  readonly system: string;
  readonly messages: MessageParam[];
  readonly tools?: Tool[];
}

/** An event of a streamed answer, as far as an app needs it. */
export interface StreamEvent {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: object;
  readonly delta?: object;
}

/** Where the model is: Anthropic's own API, or a cloud's. */
export interface AnthropicService {
  create(key: string, body: AnthropicBody, schema: unknown): Promise<{ content: ContentBlock[] }>;
  stream(key: string, body: AnthropicBody): Promise<AsyncIterable<StreamEvent>>;
}

/** An app over Anthropic's messages: it keeps the history and sends all of it with each call. */
export class AnthropicApp implements CompleteApp<MessageParam> {
  readonly #service: AnthropicService;

  constructor(service: AnthropicService) {
    this.#service = service;
  }

  user(text: string, attachments: readonly Attachment[]): MessageParam {
    if (attachments.length === 0) return { role: 'user', content: text };
    return { role: 'user', content: [{ type: 'text', text }, ...attachments.map(mediaBlock)] };
  }

  assistant(content: string): MessageParam {
    return { role: 'assistant', content };
  }

  toolResults(results: readonly ToolResult[]): readonly MessageParam[] {
    const content = results.map(({ call, text, isError }) => ({
      type: 'tool_result' as const,
      tool_use_id: call.id,
      content: text,
      ...(isError && { is_error: true }),
    }));
    return [{ role: 'user', content }];
  }

  async complete(request: ModelRequest<MessageParam>): Promise<Completion<MessageParam>> {
    const { system, messages, tools, thread, abandonAfter } = request;
    const body = {
      max_tokens: 1024,
      system,
      messages: [...messages],
      ...(tools.length > 0 && { tools: tools.map(wireTool) }),
    };
    const content = request.stream
      ? await readStream(await this.#service.stream(thread.key, body), abandonAfter)
      : (await this.#service.create(thread.key, body, request.schema)).content;
    return {
      messages: [{ role: 'assistant', content: content as ContentBlockParam[] }],
      text: content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
      toolCalls: content.flatMap((block) =>
        block.type === 'tool_use'
          ? [{ id: block.id, name: block.name, arguments: block.input as Record<string, unknown> }]
          : [],
      ),
    };
  }
}

/** Puts the blocks of a stream together, up to the piece of text after which the app leaves. */
async function readStream(
  events: AsyncIterable<StreamEvent>,
  abandonAfter: number | undefined,
): Promise<ContentBlock[]> {
  const blocks: Record<string, unknown>[] = [];
  let [json, pieces] = ['', 0];
  for await (const { type, content_block, delta } of events) {
    if (type === 'content_block_start') {
      blocks.push({ ...content_block });
      json = '';
    }
    const block = blocks.at(-1);
    if (type === 'content_block_stop' && json !== '' && block) block['input'] = JSON.parse(json);
    if (type !== 'content_block_delta' || block === undefined) continue;
    for (const [name, value] of Object.entries(delta ?? {})) {
      if (name === 'partial_json') json += String(value);
      else if (name !== 'type') block[name] = String(block[name] ?? '') + String(value);
    }
    if (delta && 'text' in delta) pieces += 1;
    if (pieces === abandonAfter) break;
  }
  return blocks as unknown as ContentBlock[];
}

const mediaBlock = ({ kind, mimeType, base64 }: Attachment): ContentBlockParam => {
  const source = { type: 'base64', media_type: mimeType, data: base64 };
  return { type: kind === 'image' ? 'image' : 'document', source } as ContentBlockParam;
};

const wireTool = ({ name, description, parameters }: PlayTool): Tool => ({
  name,
  description,
  input_schema: { ...parameters, required: [...parameters.required] },
});

const MODEL = 'claude-sonnet-4-6';

/** Anthropic's own API. */
export function anthropicService(sdk: typeof Anthropic, { providerUrl }: Play): AnthropicService {
  const client = (apiKey: string): Anthropic =>
    new sdk({ baseURL: providerUrl, apiKey, maxRetries: 0 });
  return {
    create: (key, body, schema) =>
      client(key).messages.create({
        model: MODEL,
        ...body,
        ...(schema !== undefined && {
          output_config: {
            format: { type: 'json_schema', schema: schema as Record<string, unknown> },
          },
        }),
      }),
    stream: (key, body) => client(key).messages.create({ model: MODEL, ...body, stream: true }),
  };
}
