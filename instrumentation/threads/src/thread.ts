import { context, type Attributes } from '@opentelemetry/api';
import { encodeJson, encodeMessages } from './capture.js';
import { createId } from './create-id.js';
import { trackFeedback, type Feedback } from './feedback.js';
import { threadOfMessage } from './known-messages.js';
import { toMessage } from './message.js';
import { scopeAttributes, userAttributes, withScope, type Scope, type User } from './scope.js';
import {
  ATTR_COLLOQUY_EVENT_METADATA,
  ATTR_COLLOQUY_EVENT_NAME,
  ATTR_COLLOQUY_MESSAGE_ID,
  ATTR_COLLOQUY_MESSAGE_METADATA,
  ATTR_COLLOQUY_MESSAGE_PARENT_ID,
  ATTR_COLLOQUY_MESSAGE_REPLACES,
  ATTR_COLLOQUY_SPAN_KIND,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
} from './semconv.js';
import { contextOfThread, reportSpan } from './tracked-span.js';
import { guard } from './warn.js';

/** What a thread is opened with. */
export interface ThreadOptions extends User {
  /** Of a thread to go on with; a new one is made where it is left out. */
  readonly id?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** A message that people or a model have said. The messages of OpenAI and Anthropic fit as they are. */
export interface ThreadMessage {
  readonly role: 'user' | 'assistant' | 'system' | 'tool';
  /** Text, or pieces in the form of OpenAI, Anthropic or the GenAI conventions. */
  readonly content?: unknown;
  /** The application's own id; one is made where it is left out. */
  readonly id?: string | undefined;
  /** Of the author. */
  readonly name?: string | undefined;
  /** Calls of tools, in OpenAI's form. */
  readonly tool_calls?: unknown;
  /** Of a tool's result: the id of the call. */
  readonly tool_call_id?: string | undefined;
  /** The id of the message that this one stands in place of: an edit, a regenerated answer. */
  readonly replaces?: string | undefined;
  /** The id of the message that this one follows, where that is not the one tracked before. */
  readonly parentId?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

const optional = (name: string, value: string | undefined): Attributes =>
  value === undefined ? {} : { [name]: value };

const jsonOf = (name: string, value: Readonly<Record<string, unknown>> | undefined): Attributes =>
  value === undefined ? {} : { [name]: encodeJson(value) };

/** One conversation, to be reported to. */
export class Thread {
  /** Save it to go on with the thread later. */
  readonly id: string;
  readonly #scope: Scope;

  constructor({ id = createId(), tags, userId, userProps, metadata }: ThreadOptions) {
    this.id = id;
    this.#scope = { threadId: id, tags, userId, userProps, metadata };
  }

  /**
   * Reports a message.
   * @returns its id, for feedback and to tie runs to it; safe to hand to a browser or another service
   */
  trackMessage(message: ThreadMessage): string {
    const id = message.id ?? createId();
    guard(() => {
      threadOfMessage.set(id, this.#scope);
      const isAnswer = message.role === 'assistant';
      const content = toMessage({ ...message });
      const told = isAnswer ? { ...content, finish_reason: 'stop' } : content;
      this.#report(`message ${message.role}`, {
        [ATTR_COLLOQUY_SPAN_KIND]: 'message',
        [ATTR_COLLOQUY_MESSAGE_ID]: id,
        [isAnswer ? ATTR_GEN_AI_OUTPUT_MESSAGES : ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages([
          told,
        ]),
        ...optional(ATTR_COLLOQUY_MESSAGE_REPLACES, message.replaces),
        ...optional(ATTR_COLLOQUY_MESSAGE_PARENT_ID, message.parentId),
        ...jsonOf(ATTR_COLLOQUY_MESSAGE_METADATA, message.metadata),
      });
    });
    return id;
  }

  /** Reports something that happened in the thread and is no message: a document opened, a button clicked. */
  trackEvent(name: string, metadata?: Readonly<Record<string, unknown>>, user: User = {}): void {
    guard(() =>
      this.#report(`event ${name}`, {
        [ATTR_COLLOQUY_SPAN_KIND]: 'event',
        [ATTR_COLLOQUY_EVENT_NAME]: name,
        ...jsonOf(ATTR_COLLOQUY_EVENT_METADATA, metadata),
        ...userAttributes(user),
      }),
    );
  }

  /** As {@link trackFeedback}, for a message of this thread. */
  trackFeedback(messageId: string, feedback: Feedback | null, user: User = {}): void {
    threadOfMessage.set(messageId, this.#scope);
    trackFeedback(messageId, feedback, user);
  }

  /** Runs a function; every span started inside, by anyone, belongs to the thread. */
  run<T>(fn: () => T): T {
    return context.with(withScope(contextOfThread(this.id), this.#scope), fn);
  }

  #report(name: string, attributes: Attributes): void {
    reportSpan(name, { ...scopeAttributes(this.#scope), ...attributes }, this.id);
  }
}

/** Opens a thread, or goes on with the one that has this id. Nothing is sent before something is reported. */
export const openThread = (options: ThreadOptions = {}): Thread => new Thread(options);

/** Runs a function within a thread; as {@link Thread.run}. */
export const withThread = <T>(thread: string | ThreadOptions, fn: () => T): T =>
  openThread(typeof thread === 'string' ? { id: thread } : thread).run(fn);
