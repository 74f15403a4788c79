import { openThread } from '@colloquy/threads';
import OpenAI from 'openai';

/** An application that knows nothing of its telemetry but the thread: it answers two questions and ends. */
const [baseURL, threadId] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'key', maxRetries: 0 });
const thread = openThread({ id: threadId, userId: 'ada' });

await thread.run(async () => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  for (const content of ['Hello?', 'And you?']) {
    thread.trackMessage({ role: 'user', content });
    messages.push({ role: 'user', content });
    const answer = await client.chat.completions.create({ model: 'gpt-4o', messages });
    const message = answer.choices[0]?.message;
    messages.push({ role: 'assistant', content: message?.content ?? '' });
    thread.trackMessage({ role: 'assistant', content: message?.content });
  }
});

// A server would go on; this one waits to be told to end.
if (process.argv.includes('--serve')) {
  process.stdout.write('ready\n');
  setInterval(() => undefined, 1_000);
}
