import {
  AIMessage,
  HumanMessage,
  ToolMessage,
  type AIMessageChunk,
  type BaseMessage,
} from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import {
  createAgent,
  createMiddleware,
  dynamicSystemPromptMiddleware,
  providerStrategy,
} from 'langchain';
import type { Answer, AnswerApp, ModelRequest, PlayTool } from '../../../dist/emitters/app.js';
import type { Play } from '../../../dist/recorder/play.js';
import type { Attachment } from '../../../dist/scenarios/scenario.js';
import type { ChainTracer } from './chain-tracer.js';

type Request = ModelRequest<BaseMessage>;

/** An app that keeps the history and hands it to an agent of LangChain, which is a LangGraph graph. */
export class LangChainApp implements AnswerApp<BaseMessage> {
  readonly #play: Play;
  readonly #tracer: Pick<ChainTracer, 'config'>;

  constructor(play: Play, tracer: Pick<ChainTracer, 'config'>) {
    this.#play = play;
    this.#tracer = tracer;
  }

  user(text: string, attachments: readonly Attachment[]): BaseMessage {
    if (attachments.length === 0) return new HumanMessage(text);
    return new HumanMessage({ content: [{ type: 'text', text }, ...attachments.map(filePart)] });
  }

  async answer(request: Request): Promise<Answer<BaseMessage>> {
    const agent = this.#agent(request);
    const input = { messages: [...request.messages] };
    const config = {
      ...this.#tracer.config(request.thread),
      configurable: { thread_id: request.thread.threadId },
    };
    if (!request.stream) {
      const { messages } = await agent.invoke(input, config);
      return answerOf(messages.slice(request.messages.length));
    }
    let all: readonly BaseMessage[] = [];
    const pieces: string[] = [];
    const stream = await agent.stream(input, { ...config, streamMode: ['messages', 'values'] });
    for await (const [mode, chunk] of stream) {
      if (mode === 'values') all = (chunk as { messages: BaseMessage[] }).messages;
      else pieces.push(...textOf((chunk as [AIMessageChunk])[0]));
      if (pieces.length === request.abandonAfter) break;
    }
    if (request.abandonAfter === undefined) return answerOf(all.slice(request.messages.length));
    const text = pieces.join('');
    return { messages: [new AIMessage(text)], text };
  }

  #agent(request: Request) {
    const { thread, schema, agent: name, tools } = request;
    const model = new ChatOpenAI({
      model: 'gpt-4o-mini',
      apiKey: thread.key,
      configuration: { baseURL: `${this.#play.providerUrl}/v1` },
      maxRetries: 0,
    });
    return createAgent({
      name,
      model,
      tools: tools.map(frameworkTool),
      middleware: [dynamicSystemPromptMiddleware(() => request.system), tellFailures],
      ...(schema !== undefined && {
        responseFormat: providerStrategy({ title: 'answer', ...(schema as object) }),
      }),
    });
  }
}

/** A tool that fails tells the model in its own words. */
const tellFailures = createMiddleware({
  name: 'tell-failures',
  wrapToolCall: async (request, handler) => {
    try {
      return await handler(request);
    } catch (error) {
      return new ToolMessage({
        content: (error as Error).message,
        name: request.toolCall.name,
        tool_call_id: request.toolCall.id ?? '',
        status: 'error',
      });
    }
  },
});

const frameworkTool = ({ name, description, parameters, run }: PlayTool) =>
  tool(
    async (input: Record<string, unknown>) => {
      const result = await run(input);
      return typeof result === 'string' ? result : JSON.stringify(result);
    },
    { name, description, schema: parameters },
  );

const textOf = (message: BaseMessage): readonly string[] =>
  message.type === 'ai' && message.text !== '' ? [message.text] : [];

const answerOf = (messages: readonly BaseMessage[]): Answer<BaseMessage> => ({
  messages,
  text: messages.at(-1)?.text ?? '',
});

function filePart({ kind, mimeType, base64, name }: Attachment) {
  const url = `data:${mimeType};base64,${base64}`;
  return kind === 'image'
    ? { type: 'image_url', image_url: { url } }
    : { type: 'file', file: { filename: name, file_data: url } };
}
