import { Hono } from 'hono';
import { stream as streamBody } from 'hono/streaming';
import type { OpenAI } from 'openai';
import { z } from 'zod';
import { inTurnSpan } from '../emitters/telemetry.js';
import { createAssistant, type Answer } from './assistant.js';

const turnShape = z.object({
  user: z.string(),
  thread: z.string(),
  text: z.string(),
  stream: z.boolean().default(false),
});

/**
 * A chat service as many are: `POST /chat {user, thread, text, stream?}`. All that it does for
 * Colloquy is to name thread and user on the span of its request.
 */
export function createChatApp(client: OpenAI): Hono {
  const assistants = new Map<string, Answer>();
  const app = new Hono();
  app.post('/chat', async (context) => {
    const { user, thread, text, stream } = turnShape.parse(await context.req.json());
    const answer = assistants.get(thread) ?? createAssistant(client);
    assistants.set(thread, answer);
    const attributes = { 'session.id': thread, 'user.id': user };
    if (!stream) {
      const whole = await inTurnSpan(attributes, () => collect(answer(text, false)));
      return context.json({ answer: whole });
    }
    return streamBody(context, (body) =>
      inTurnSpan(attributes, async () => {
        for await (const piece of answer(text, true)) await body.write(piece);
      }),
    );
  });
  return app;
}

async function collect(pieces: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const piece of pieces) whole += piece;
  return whole;
}
