import type { OpenAI } from 'openai';
import type {
  FunctionTool,
  ResponseInput,
  ResponseInputItem,
  ResponseOutputItem,
} from 'openai/resources/responses/responses';
import { retryOnce, type Ask, type CallTool } from './emitter.js';
import type { Scenario, ScenarioTool } from './scenario.js';

const MODEL = 'gpt-5-mini';

/**
 * A chat app over Responses that keeps the history itself: all items, the model's own included, go
 * into each call. The client must have its own retries off.
 */
export function createResponsesApp(client: OpenAI, scenario: Scenario, callTool: CallTool): Ask {
  const input: ResponseInput = [];
  const tools = [wireTool(scenario.tool)];
  const request = { model: MODEL, instructions: scenario.system, input, tools };
  return async (user, stream) => {
    input.push({ role: 'user', content: user });
    for (;;) {
      const respond = () => (stream ? streamed(client, request) : plain(client, request));
      const output = await retryOnce(respond);
      input.push(...(output as ResponseInputItem[]));
      const calls = output.filter((item) => item.type === 'function_call');
      if (calls.length === 0) return textOf(output);
      for (const { call_id, arguments: text } of calls) {
        const result = await callTool(JSON.parse(text));
        input.push({ type: 'function_call_output', call_id, output: result });
      }
    }
  };
}

interface Request {
  readonly model: string;
  readonly instructions: string;
  readonly input: ResponseInput;
  readonly tools: FunctionTool[];
}

const plain = async (client: OpenAI, request: Request): Promise<ResponseOutputItem[]> =>
  (await client.responses.create(request)).output;

async function streamed(client: OpenAI, request: Request): Promise<ResponseOutputItem[]> {
  const output: ResponseOutputItem[] = [];
  for await (const event of await client.responses.create({ ...request, stream: true })) {
    if (event.type === 'response.output_item.done') output.push(event.item);
  }
  return output;
}

const textOf = (output: readonly ResponseOutputItem[]): string =>
  output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join('');

const wireTool = ({ name, description, parameters }: ScenarioTool): FunctionTool => ({
  type: 'function',
  name,
  description,
  parameters: { ...parameters },
  strict: false,
});
