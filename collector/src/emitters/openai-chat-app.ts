import type { OpenAI } from 'openai';
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import { retryOnce, type Ask, type CallTool } from './emitter.js';
import type { Scenario, ScenarioTool } from './scenario.js';

const MODEL = 'gpt-4o-mini';

/**
 * A chat app over Chat Completions: it keeps the history and sends all of it with each call. The
 * client must have its own retries off.
 */
export function createChatApp(client: OpenAI, scenario: Scenario, callTool: CallTool): Ask {
  const history: ChatCompletionMessageParam[] = [{ role: 'system', content: scenario.system }];
  const request = { model: MODEL, messages: history, tools: [wireTool(scenario.tool)] };
  return async (user, stream) => {
    history.push({ role: 'user', content: user });
    for (;;) {
      const complete = () => (stream ? streamed(client, request) : plain(client, request));
      const message = await retryOnce(complete);
      history.push(message);
      const calls = (message.tool_calls ?? []).filter((call) => call.type === 'function');
      if (calls.length === 0) return message.content ?? '';
      for (const { id, function: called } of calls) {
        const content = await callTool(JSON.parse(called.arguments));
        history.push({ role: 'tool', tool_call_id: id, content });
      }
    }
  };
}

interface Request {
  readonly model: string;
  readonly messages: ChatCompletionMessageParam[];
  readonly tools: ChatCompletionTool[];
}

type Answer = ChatCompletionAssistantMessageParam & { readonly content: string | null };

async function plain(client: OpenAI, request: Request): Promise<Answer> {
  const { choices } = await client.chat.completions.create(request);
  const message = choices[0]?.message;
  if (message === undefined) throw new Error('the provider gave no choice');
  const { role, content, tool_calls } = message;
  return { role, content, ...(tool_calls && { tool_calls }) };
}

/** The scenario streams text only; its tool call is a plain one. */
async function streamed(client: OpenAI, request: Request): Promise<Answer> {
  const stream_options = { include_usage: true };
  const params = { ...request, stream: true as const, stream_options };
  let content = '';
  for await (const chunk of await client.chat.completions.create(params)) {
    content += chunk.choices[0]?.delta.content ?? '';
  }
  return { role: 'assistant', content };
}

const wireTool = ({ name, description, parameters }: ScenarioTool): ChatCompletionTool => ({
  type: 'function',
  function: { name, description, parameters: { ...parameters } },
});
