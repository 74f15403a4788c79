import type { OpenAI } from 'openai';
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { ASSISTANT } from './dialogues.js';

/** Takes what the user says and gives the answer, piece by piece where it is streamed. */
export type Answer = (text: string, stream: boolean) => AsyncGenerator<string, void, undefined>;

type Reply = AsyncGenerator<string, ChatCompletionAssistantMessageParam, undefined>;

/** One conversation with the model: keeps the history, calls the tool when it is asked to. */
export function createAssistant(client: OpenAI): Answer {
  const history: ChatCompletionMessageParam[] = [{ role: 'system', content: ASSISTANT.system }];
  return async function* answer(text, stream) {
    history.push({ role: 'user', content: text });
    for (;;) {
      const reply = yield* (stream ? streamed : plain)(client, history);
      history.push(reply);
      if (reply.tool_calls === undefined) return;
      for (const { id } of reply.tool_calls) {
        const content = JSON.stringify(ASSISTANT.tool.result);
        history.push({ role: 'tool', tool_call_id: id, content });
      }
    }
  };
}

const requestOf = (messages: ChatCompletionMessageParam[]) => {
  const { name, description, parameters } = ASSISTANT.tool;
  const tool = {
    type: 'function' as const,
    function: { name, description, parameters: { ...parameters } },
  };
  return { model: 'gpt-4o-mini', messages, tools: [tool] };
};

async function* plain(client: OpenAI, history: ChatCompletionMessageParam[]): Reply {
  const { choices } = await client.chat.completions.create(requestOf(history));
  const message = choices[0]?.message;
  if (message === undefined) throw new Error('The provider gave no choice.');
  const { role, content, tool_calls } = message;
  if (content !== null) yield content;
  return { role, content, ...(tool_calls && { tool_calls }) };
}

/** The model's tool calls come in plain answers only, so a stream is all text. */
async function* streamed(client: OpenAI, history: ChatCompletionMessageParam[]): Reply {
  const chunks = await client.chat.completions.create({
    ...requestOf(history),
    stream: true,
    stream_options: { include_usage: true },
  });
  let content = '';
  for await (const { choices } of chunks) {
    const piece = choices[0]?.delta.content ?? '';
    content += piece;
    if (piece !== '') yield piece;
  }
  return { role: 'assistant', content };
}
