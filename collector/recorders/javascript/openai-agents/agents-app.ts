import {
  Agent,
  handoff,
  OpenAIResponsesModel,
  Runner,
  tool,
  user as userItem,
  type AgentInputItem,
  type JsonSchemaDefinition,
} from '@openai/agents';
import { OpenAI } from 'openai';
import { z } from 'zod';
import type { Answer, AnswerApp, ModelRequest, PlayTool } from '../../../dist/emitters/app.js';
import type { Play } from '../../../dist/recorder/play.js';
import type { Attachment } from '../../../dist/scenarios/scenario.js';

type Request = ModelRequest<AgentInputItem>;
type Schema = JsonSchemaDefinition['schema'];

/** OpenAI's Agents SDK over Responses; the app keeps the items. */
export class AgentsApp implements AnswerApp<AgentInputItem> {
  readonly #play: Play;

  constructor(play: Play) {
    this.#play = play;
  }

  user(text: string, attachments: readonly Attachment[]): AgentInputItem {
    if (attachments.length === 0) return userItem(text);
    return userItem([{ type: 'input_text', text }, ...attachments.map(userPart)]);
  }

  async answer(request: Request): Promise<Answer<AgentInputItem>> {
    const given = [...request.messages];
    const runner = this.#runner(request);
    const { previousResponseId } = request;
    if (!request.stream) {
      const result = await runner.run(this.#agent(request), given, { previousResponseId });
      return answerOf(result, given.length);
    }
    const leave = new AbortController();
    const options = { stream: true, signal: leave.signal, previousResponseId } as const;
    const result = await runner.run(this.#agent(request), given, options);
    const pieces: string[] = [];
    for await (const piece of result.toTextStream()) {
      pieces.push(piece);
      if (pieces.length === request.abandonAfter) break;
    }
    if (request.abandonAfter === undefined) {
      await result.completed;
      return answerOf(result, given.length);
    }
    leave.abort();
    const text = pieces.join('');
    const item: AgentInputItem = {
      role: 'assistant',
      status: 'incomplete',
      content: [{ type: 'output_text', text }],
    };
    return { messages: [item], text };
  }

  /** The group is the SDK's own word for the conversation. */
  #runner({ thread: { threadId: groupId, userId: user_id } }: Request): Runner {
    const { threadIdOn, capture = true } = this.#play.scenario;
    return new Runner({
      traceIncludeSensitiveData: capture,
      ...(threadIdOn === undefined && { groupId, traceMetadata: { user_id } }),
    });
  }

  #model({ thread: { key } }: Request): OpenAIResponsesModel {
    const baseURL = `${this.#play.providerUrl}/v1`;
    return new OpenAIResponsesModel(
      new OpenAI({ baseURL, apiKey: key, maxRetries: 0 }),
      'gpt-5-mini',
    );
  }

  #agent(request: Request) {
    const transfer = request.tools.find(
      ({ handOff }) => handOff !== undefined && handOff.name !== request.agent,
    );
    return new Agent({
      name: request.agent,
      instructions: request.system,
      model: this.#model(request),
      tools: request.tools.filter(({ handOff }) => handOff === undefined).map(frameworkTool),
      handoffs: transfer === undefined ? [] : [this.#handOff(transfer, request)],
      ...(request.schema !== undefined && { outputType: outputOf(request.schema as Schema) }),
    });
  }

  #handOff({ name, description, handOff, run }: PlayTool, request: Request) {
    const booking = new Agent({
      name: handOff?.name ?? '',
      instructions: handOff?.system ?? '',
      model: this.#model(request),
    });
    return handoff(booking, {
      toolNameOverride: name,
      toolDescriptionOverride: description,
      inputType: z.object({ reason: z.string() }),
      onHandoff: async (_context, input) => void (await run(input ?? {})),
    });
  }
}

const frameworkTool = ({ name, description, parameters, run }: PlayTool) =>
  tool({
    name,
    description,
    parameters: z.object(
      Object.fromEntries(Object.keys(parameters.properties).map((key) => [key, z.string()])),
    ),
    execute: async (input) => {
      const result = await run(input);
      return typeof result === 'string' ? result : JSON.stringify(result);
    },
    errorFunction: (_context, error) => (error as Error).message,
  });

const outputOf = (schema: Schema): JsonSchemaDefinition => ({
  type: 'json_schema',
  name: 'answer',
  strict: true,
  schema,
});

interface Result {
  readonly history: readonly AgentInputItem[];
  readonly finalOutput?: unknown;
  readonly lastResponseId: string | undefined;
}

const answerOf = (
  { history, finalOutput, lastResponseId }: Result,
  given: number,
): Answer<AgentInputItem> => ({
  messages: history.slice(given),
  text: typeof finalOutput === 'string' ? finalOutput : JSON.stringify(finalOutput ?? ''),
  responseId: lastResponseId,
});

function userPart({ kind, mimeType, base64, name }: Attachment) {
  const url = `data:${mimeType};base64,${base64}`;
  return kind === 'image'
    ? ({ type: 'input_image', image: url, detail: 'auto' } as const)
    : ({ type: 'input_file', file: url, filename: name } as const);
}
