import type { Linkable } from '@colloquy/threads';
import type { GoogleGenAI } from '@google/genai';
import { trace } from '@opentelemetry/api';
import { watchGoogleGenAI } from './methods.js';
import { VERSION } from './version.js';

/** A method whose calls can be tied to the message that set them off. */
type Tied<Method> = Method extends (...args: infer Args) => Promise<infer Answer>
  ? (...args: Args) => Promise<Answer> & Linkable
  : Method;

type TiedMethods<T, Names extends keyof T> = { readonly [Name in Names]: Tied<T[Name]> };

type Chats = GoogleGenAI['chats'];
type Chat = ReturnType<Chats['create']>;

/** What wrapping adds to a client. */
export interface TiedGoogleGenAI {
  readonly models: TiedMethods<
    GoogleGenAI['models'],
    'generateContent' | 'generateContentStream' | 'embedContent'
  >;
  readonly chats: {
    create(
      ...args: Parameters<Chats['create']>
    ): TiedMethods<Chat, 'sendMessage' | 'sendMessageStream'> & Chat;
  };
}

/**
 * Records the calls of one client: for bundled applications and other places where modules cannot be
 * patched as they are loaded. Returns the client itself.
 */
export const wrapGoogleGenAI = <T extends object>(client: T): TiedGoogleGenAI & T =>
  watchGoogleGenAI(client, () =>
    trace.getTracer('@colloquy/instrumentation-google-genai', VERSION),
  ) as TiedGoogleGenAI & T;
