import { wrapTool } from '@colloquy/threads';
import type { Json } from '@colloquy/schema';
import type { Play } from '../recorder/play.js';
import type { Attachment } from '../scenarios/scenario.js';
import type { Answer, AnswerApp, ModelRequest, PlayTool } from './app.js';
import type { Flushable } from './telemetry.js';
import { Tracer } from './tracer.js';

/** A part of a question, as every major takes it. */
type UserPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly image: string; readonly mediaType: string }
  | {
      readonly type: 'file';
      readonly data: string;
      readonly mediaType: string;
      readonly filename: string;
    };

/** One major of the AI SDK, which runs the tools itself. */
export interface AiSdk<Message> {
  user(content: string | UserPart[]): Message;
  assistant(content: string): Message;
  generate(request: ModelRequest<Message>): Promise<Answer<Message>>;
  /** `answer` resolves once the stream has been read. */
  stream(
    request: ModelRequest<Message>,
    signal: AbortSignal,
  ): {
    readonly textStream: AsyncIterable<string>;
    readonly answer: () => Promise<Answer<Message>>;
  };
}

/** A tool as the SDK runs it. */
type Execute = (
  input: Readonly<Record<string, unknown>>,
  options: { readonly toolCallId: string },
) => PromiseLike<Json>;

/** A tool as it is, where the SDK or nobody tells of its runs. */
export const plainTool = ({ run }: PlayTool): Execute => run;

/** A tool whose runs the app tells of itself. */
export function recordedTool({ name, run }: PlayTool): Execute {
  const execute: Execute = (input, _options) => run(input);
  return wrapTool(execute, { name, callId: (_input, { toolCallId }) => toolCallId });
}

/** Most steps that one question may take; the longest scenario needs three. */
export const MAX_STEPS = 5;

/** An app that keeps the history and hands all of it to the AI SDK. */
export class AiSdkApp<Message> implements AnswerApp<Message> {
  readonly #sdk: AiSdk<Message>;

  constructor(sdk: AiSdk<Message>) {
    this.#sdk = sdk;
  }

  user(text: string, attachments: readonly Attachment[]): Message {
    if (attachments.length === 0) return this.#sdk.user(text);
    return this.#sdk.user([{ type: 'text', text }, ...attachments.map(userPart)]);
  }

  async answer(request: ModelRequest<Message>): Promise<Answer<Message>> {
    if (!request.stream) return this.#sdk.generate(request);
    const leave = new AbortController();
    const { textStream, answer } = this.#sdk.stream(request, leave.signal);
    const pieces: string[] = [];
    for await (const piece of textStream) {
      pieces.push(piece);
      if (pieces.length === request.abandonAfter) break;
    }
    if (request.abandonAfter === undefined) return answer();
    leave.abort();
    const text = pieces.join('');
    return { messages: [this.#sdk.assistant(text)], text };
  }
}

function userPart({ kind, mimeType: mediaType, base64, name }: Attachment): UserPart {
  return kind === 'image'
    ? { type: 'image', image: base64, mediaType }
    : { type: 'file', data: base64, mediaType, filename: name };
}

/** Exports the spans of the AI SDK, to which the ids are told with each call. */
export class AiSdkTracer extends Tracer {
  /** @param provider - registered by the app */
  constructor(play: Play, provider: Flushable) {
    super(play, [provider]);
  }

  override conversation(
    _thread: unknown,
    _asked: unknown,
    run: () => Promise<string>,
  ): Promise<string> {
    return run();
  }
}

/** What versions 5 and 6 are told of telemetry: thread and user are metadata. */
export function ownTelemetry<Message>(play: Play, request: ModelRequest<Message>) {
  const tells = play.scenario.capture ?? true;
  return {
    experimental_telemetry: {
      isEnabled: true,
      recordInputs: tells,
      recordOutputs: tells,
      metadata: toldIds(play, request),
    },
  };
}

/** The ids that the AI SDK is told, unless the scenario has them elsewhere. */
export const toldIds = <Message>(
  { scenario }: Play,
  { thread: { threadId: sessionId, userId } }: ModelRequest<Message>,
): Record<string, string> => (scenario.threadIdOn === undefined ? { sessionId, userId } : {});
