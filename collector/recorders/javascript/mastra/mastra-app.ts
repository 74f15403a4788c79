import { createOpenAI } from '@ai-sdk/openai';
import { Mastra } from '@mastra/core';
import { Agent } from '@mastra/core/agent';
import { RequestContext } from '@mastra/core/request-context';
import { createTool } from '@mastra/core/tools';
import type { Observability } from '@mastra/observability';
import { trace } from '@opentelemetry/api';
import { z } from 'zod';
import type { Answer, AnswerApp, ModelRequest, PlayTool } from '../../../dist/emitters/app.js';
import type { Play } from '../../../dist/recorder/play.js';
import type { Attachment } from '../../../dist/scenarios/scenario.js';

type UserPart =
  | { type: 'text'; text: string }
  | { type: 'image'; image: string; mediaType: string }
  | { type: 'file'; data: string; mediaType: string; filename: string };
type Message = { role: 'user'; content: string | UserPart[] } | { role: string; content: unknown };
type Request = ModelRequest<Message>;

/** Most steps that one question may take; the longest scenario needs three. */
const MAX_STEPS = 5;

/** An app that keeps the history and hands it to an agent of Mastra, which is told the ids as metadata. */
export class MastraApp implements AnswerApp<Message> {
  readonly #play: Play;
  readonly #agent: Agent;

  constructor(play: Play, observability: Observability) {
    this.#play = play;
    const agent = new Agent({
      id: 'colette',
      name: 'colette',
      instructions: ({ requestContext }) => requestOf(requestContext).system,
      model: ({ requestContext }) => this.#model(requestOf(requestContext)),
      tools: ({ requestContext }) => toolsOf(requestOf(requestContext)),
    });
    this.#agent = new Mastra({ agents: { agent }, observability, logger: false }).getAgent('agent');
  }

  user(text: string, attachments: readonly Attachment[]): Message {
    if (attachments.length === 0) return { role: 'user', content: text };
    return { role: 'user', content: [{ type: 'text', text }, ...attachments.map(userPart)] };
  }

  async answer(request: Request): Promise<Answer<Message>> {
    const leave = new AbortController();
    const messages = request.messages as Parameters<Agent['generate']>[0];
    const options = this.#options(request, leave.signal);
    if (!request.stream) {
      const result = await this.#agent.generate(messages, options);
      if (result.error) throw result.error;
      return { messages: result.response.messages ?? [], text: result.text };
    }
    const result = await this.#agent.stream(messages, options);
    const pieces: string[] = [];
    for await (const piece of result.textStream) {
      pieces.push(piece);
      if (pieces.length === request.abandonAfter) break;
    }
    const text = pieces.join('');
    if (request.abandonAfter === undefined)
      return { messages: (await result.response).messages ?? [], text };
    leave.abort();
    return { messages: [{ role: 'assistant', content: text }], text };
  }

  #model({ thread }: Request) {
    return createOpenAI({ baseURL: `${this.#play.providerUrl}/v1`, apiKey: thread.key }).chat(
      'gpt-4o-mini',
    );
  }

  #options(request: Request, abortSignal: AbortSignal) {
    const { threadId, userId } = request.thread;
    const { threadIdOn, capture } = this.#play.scenario;
    const parent = trace.getActiveSpan()?.spanContext();
    const hides = capture === false;
    return {
      requestContext: new RequestContext([['request', request]]),
      maxSteps: MAX_STEPS,
      modelSettings: { maxRetries: 0 },
      abortSignal,
      ...(request.schema !== undefined && {
        structuredOutput: { schema: request.schema as never },
      }),
      tracingOptions: {
        ...(threadIdOn === undefined && { metadata: { threadId, userId } }),
        ...(parent !== undefined && { traceId: parent.traceId, parentSpanId: parent.spanId }),
        ...(hides && { hideInput: true, hideOutput: true }),
      },
    };
  }
}

const requestOf = (context: RequestContext): Request => context.get('request') as Request;

const toolsOf = ({ tools }: Request) =>
  Object.fromEntries(tools.map((tool) => [tool.name, frameworkTool(tool)]));

const frameworkTool = ({ name: id, description, parameters, run }: PlayTool) =>
  createTool({
    id,
    description,
    inputSchema: z.object(
      Object.fromEntries(Object.keys(parameters.properties).map((key) => [key, z.string()])),
    ),
    execute: (input) => run(input),
  });

function userPart({ kind, mimeType: mediaType, base64, name }: Attachment): UserPart {
  return kind === 'image'
    ? { type: 'image', image: base64, mediaType }
    : { type: 'file', data: base64, mediaType, filename: name };
}
