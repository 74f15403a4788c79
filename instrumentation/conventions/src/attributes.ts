import { z } from 'zod';

const text = z.string().min(1);
const count = z.int().min(0);
const texts = z.array(z.string()).readonly();

/** JSON text of something. */
const json = <T extends z.ZodType>(shape: T) =>
  z
    .string()
    .transform((value, context) => {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        context.addIssue('is no JSON');
        return z.NEVER;
      }
    })
    .pipe(shape);

const modality = z.union([z.enum(['image', 'video', 'audio', 'document']), text]);
const media = { modality, mime_type: z.string().optional() };

/** Parts that the conventions name; others are legal with any fields. */
const KNOWN_PARTS: Readonly<Record<string, z.ZodType>> = {
  text: z.object({ content: z.string() }),
  reasoning: z.object({ content: z.string() }),
  tool_call: z.object({ name: text, id: z.string().nullish(), arguments: z.unknown() }),
  tool_call_response: z.object({ id: z.string().nullish(), response: z.unknown() }),
  blob: z.object({ ...media, content: z.string() }),
  file: z.object({ ...media, file_id: text }),
  uri: z.object({ ...media, uri: text }),
};

const part = z.looseObject({ type: text }).superRefine((value, context) => {
  const shape = KNOWN_PARTS[value.type];
  for (const issue of shape?.safeParse(value).error?.issues ?? [])
    context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
});

const message = z.looseObject({
  role: text,
  parts: z.array(part),
  name: z.string().optional(),
});
const answer = message.extend({ finish_reason: text });
const tool = z.looseObject({ type: text, name: z.string().optional() });

/** Every attribute that our packages may write, and what its value has to be. */
export const ATTRIBUTES: Readonly<Record<string, z.ZodType>> = {
  'gen_ai.operation.name': text,
  'gen_ai.provider.name': text,
  'gen_ai.conversation.id': text,
  'gen_ai.agent.id': text,
  'gen_ai.agent.name': text,
  'gen_ai.agent.description': text,
  'gen_ai.workflow.name': text,
  'gen_ai.data_source.id': text,
  'gen_ai.output.type': z.union([z.enum(['text', 'json', 'image', 'speech']), text]),
  'gen_ai.request.model': text,
  'gen_ai.request.choice.count': count,
  'gen_ai.request.encoding_formats': texts,
  'gen_ai.request.frequency_penalty': z.number(),
  'gen_ai.request.max_tokens': count,
  'gen_ai.request.presence_penalty': z.number(),
  'gen_ai.request.previous_response.id': text,
  'gen_ai.request.reasoning.level': text,
  'gen_ai.request.seed': z.int(),
  'gen_ai.request.stop_sequences': texts,
  'gen_ai.request.stream': z.boolean(),
  'gen_ai.request.temperature': z.number(),
  'gen_ai.request.top_k': z.number(),
  'gen_ai.request.top_p': z.number(),
  'gen_ai.response.finish_reasons': texts,
  'gen_ai.response.id': text,
  'gen_ai.response.model': text,
  'gen_ai.response.time_to_first_chunk': z.number().min(0),
  'gen_ai.usage.input_tokens': count,
  'gen_ai.usage.output_tokens': count,
  'gen_ai.usage.cache_read.input_tokens': count,
  'gen_ai.usage.cache_write.input_tokens': count,
  'gen_ai.usage.reasoning.output_tokens': count,
  'gen_ai.embeddings.dimension.count': count,
  'gen_ai.retrieval.query.text': z.string(),
  'gen_ai.retrieval.top_k': count,
  'gen_ai.retrieval.documents': json(z.array(z.looseObject({}))),
  'gen_ai.system_instructions': json(z.array(part)),
  'gen_ai.input.messages': json(z.array(message)),
  'gen_ai.output.messages': json(z.array(answer)),
  'gen_ai.tool.definitions': json(z.array(tool)),
  'gen_ai.tool.name': text,
  'gen_ai.tool.type': text,
  'gen_ai.tool.description': z.string(),
  'gen_ai.tool.call.id': text,
  'gen_ai.tool.call.arguments': z.string(),
  'gen_ai.tool.call.result': z.string(),
  'openai.api.type': z.enum(['chat_completions', 'responses']),
  'openai.request.service_tier': text,
  'openai.response.service_tier': text,
  'openai.response.system_fingerprint': text,
  'error.type': text,
  'server.address': text,
  'server.port': z.int().min(1).max(65_535),
  'session.id': text,
  'user.id': text,
  'colloquy.span.kind': z.enum(['message', 'event', 'feedback']),
  'colloquy.thread.id': text,
  'colloquy.thread.tags': texts,
  'colloquy.user.props': json(z.looseObject({})),
  'colloquy.message.id': text,
  'colloquy.message.parent_id': text,
  'colloquy.message.replaces': text,
  'colloquy.message.metadata': json(z.looseObject({})),
  'colloquy.parent.message_id': text,
  'colloquy.event.name': text,
  'colloquy.event.metadata': json(z.looseObject({})),
  'colloquy.feedback': json(z.looseObject({}).nullable()),
};

/** Prefixes of attributes whose names are the application's own. */
export const OPEN_PREFIXES: readonly string[] = ['colloquy.metadata.'];
