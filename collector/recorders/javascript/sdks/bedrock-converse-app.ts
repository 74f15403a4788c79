import {
  ConverseCommand,
  ConverseStreamCommand,
  type BedrockRuntimeClient,
  type ContentBlock,
  type ConverseCommandInput,
  type ConverseStreamOutput,
  type Message,
  type Tool,
} from '@aws-sdk/client-bedrock-runtime';
import type {
  CompleteApp,
  Completion,
  ModelRequest,
  PlayTool,
  ToolResult,
} from '../../../dist/emitters/app.js';
import type { Play } from '../../../dist/recorder/play.js';
import type { Attachment } from '../../../dist/scenarios/scenario.js';
import { bedrockClient } from './bedrock-client.js';

const MODEL = 'amazon.nova-lite-v1:0';

/** An app over Bedrock's Converse. */
export class ConverseApp implements CompleteApp<Message> {
  readonly #client: (key: string) => BedrockRuntimeClient;

  constructor(play: Play) {
    this.#client = bedrockClient(play);
  }

  user(text: string, attachments: readonly Attachment[]): Message {
    return { role: 'user', content: [{ text }, ...attachments.map(mediaBlock)] };
  }

  assistant(text: string): Message {
    return { role: 'assistant', content: [{ text }] };
  }

  toolResults(results: readonly ToolResult[]): readonly Message[] {
    const content = results.map(({ call, text, isError }) => ({
      toolResult: {
        toolUseId: call.id,
        content: [{ text }],
        status: isError ? ('error' as const) : ('success' as const),
      },
    }));
    return [{ role: 'user', content }];
  }

  async complete(request: ModelRequest<Message>): Promise<Completion<Message>> {
    const client = this.#client(request.thread.key);
    const input = wireRequest(request);
    if (request.stream) {
      const { stream } = await client.send(new ConverseStreamCommand(input));
      return completion(await readStream(stream ?? [], request.abandonAfter));
    }
    const { output } = await client.send(new ConverseCommand(input));
    return completion(output?.message?.content ?? []);
  }
}

const wireRequest = ({ system, messages, tools }: ModelRequest<Message>): ConverseCommandInput => ({
  modelId: MODEL,
  system: [{ text: system }],
  messages: [...messages],
  ...(tools.length > 0 && { toolConfig: { tools: tools.map(wireTool) } }),
});

/** Puts the blocks of a stream together, up to the piece of text after which the app leaves. */
async function readStream(
  events: AsyncIterable<ConverseStreamOutput> | Iterable<ConverseStreamOutput>,
  abandonAfter: number | undefined,
): Promise<ContentBlock[]> {
  const [texts, calls] = [
    new Map<number, string>(),
    new Map<number, { id: string; name: string; json: string }>(),
  ];
  const order: number[] = [];
  let pieces = 0;
  for await (const { contentBlockStart, contentBlockDelta } of events) {
    const index = contentBlockStart?.contentBlockIndex ?? contentBlockDelta?.contentBlockIndex ?? 0;
    if ((contentBlockStart || contentBlockDelta) && !order.includes(index)) order.push(index);
    const tool = contentBlockStart?.start?.toolUse;
    if (tool) calls.set(index, { id: tool.toolUseId ?? '', name: tool.name ?? '', json: '' });
    const { text, toolUse } = contentBlockDelta?.delta ?? {};
    const call = calls.get(index);
    if (toolUse && call) call.json += toolUse.input ?? '';
    if (text !== undefined) {
      texts.set(index, (texts.get(index) ?? '') + text);
      pieces += 1;
    }
    if (pieces === abandonAfter) break;
  }
  return order.flatMap((index): ContentBlock[] => {
    const call = calls.get(index);
    if (call === undefined) return [{ text: texts.get(index) ?? '' }];
    return [{ toolUse: { toolUseId: call.id, name: call.name, input: JSON.parse(call.json) } }];
  });
}

const completion = (content: ContentBlock[]): Completion<Message> => ({
  messages: [{ role: 'assistant', content }],
  text: content.map(({ text }) => text ?? '').join(''),
  toolCalls: content.flatMap(({ toolUse }) =>
    toolUse
      ? [
          {
            id: toolUse.toolUseId ?? '',
            name: toolUse.name ?? '',
            arguments: toolUse.input as Record<string, unknown>,
          },
        ]
      : [],
  ),
});

function mediaBlock({ kind, base64, name }: Attachment): ContentBlock {
  const bytes = Buffer.from(base64, 'base64');
  return kind === 'image'
    ? { image: { format: 'png', source: { bytes } } }
    : { document: { format: 'pdf', name: name.replace(/\W/g, ' '), source: { bytes } } };
}

const wireTool = ({ name, description, parameters }: PlayTool): Tool => ({
  toolSpec: {
    name,
    description,
    inputSchema: { json: { ...parameters, required: [...parameters.required] } as never },
  },
});
