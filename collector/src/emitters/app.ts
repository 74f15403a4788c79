import type { Json } from '@colloquy/schema';
import type { PlayThread } from '../recorder/play.js';
import type { Attachment, ScenarioTool } from '../scenarios/scenario.js';

/** One conversation while the app holds it; `history` is in the app's own message type. */
export interface Thread<Message> extends PlayThread {
  /** Also the API key of the conversation's client. */
  readonly key: string;
  system: string;
  /** Who speaks: `colette` until a hand-off. */
  agent: string;
  readonly history: Message[];
  /** Where in the history each question stands. */
  readonly turns: number[];
  previousResponseId: string | undefined;
}

/** A tool that a conversation may call. */
export interface PlayTool extends ScenarioTool {
  /**
   * Gives the tool's result. Frameworks that run tools themselves call it from their own tools.
   * @throws ToolFailed when the scenario has it fail
   */
  readonly run: (input: Readonly<Record<string, unknown>>) => Promise<Json>;
}

/** What the app asks its model. */
export interface ModelRequest<Message> {
  readonly thread: Thread<Message>;
  /** Instructions as they stand now: a hand-off changes them in the middle of an answer. */
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly PlayTool[];
  readonly agent: string;
  readonly stream: boolean;
  /** The app leaves the stream after this many pieces of text. */
  readonly abandonAfter?: number | undefined;
  /** JSON schema that the answer must have. */
  readonly schema?: Json | undefined;
  readonly previousResponseId?: string | undefined;
}

/** A tool call as the model asked for it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What became of a tool call; `text` is the result as apps hand it over. */
export interface ToolResult {
  readonly call: ToolCall;
  readonly text: string;
  readonly isError: boolean;
}

/** One answer of the model: the app's own messages to keep. */
export interface Answer<Message> {
  readonly messages: readonly Message[];
  readonly text: string;
  readonly responseId?: string | undefined;
}

/** One answer that may ask for tools. */
export interface Completion<Message> extends Answer<Message> {
  readonly toolCalls: readonly ToolCall[];
}

interface Speaker<Message> {
  user(text: string, attachments: readonly Attachment[]): Message;
}

/** An app over a provider's SDK: the player runs the tools. */
export interface CompleteApp<Message> extends Speaker<Message> {
  assistant(text: string): Message;
  complete(request: ModelRequest<Message>): Promise<Completion<Message>>;
  /** The messages that answer all tool calls of one completion. */
  toolResults(results: readonly ToolResult[]): readonly Message[];
}

/** An app over a framework that runs the tools; it gives no messages when the framework keeps its own history. */
export interface AnswerApp<Message> extends Speaker<Message> {
  answer(request: ModelRequest<Message>): Promise<Answer<Message>>;
}

export type App<Message> = CompleteApp<Message> | AnswerApp<Message>;
