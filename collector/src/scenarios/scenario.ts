import type { Json } from '@colloquy/schema';
import type { ScriptedReply } from '@colloquy/fake-provider';

/** A picture or a document that goes with a question. */
export interface Attachment {
  readonly kind: 'image' | 'file';
  readonly mimeType: string;
  readonly base64: string;
  readonly name: string;
}

/** A side call: own instructions, no history, in the trace of the step it follows. */
interface SideCall {
  readonly system: string;
  readonly user: string;
  readonly reply: ScriptedReply;
}

/** What a tool does when it is called. */
export interface ScenarioTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, { readonly type: 'string' }>>;
    readonly required: readonly string[];
  };
  /** What it returns, whatever it is asked. */
  readonly result?: Json;
  /** It fails with these words; the app hands them to the model. */
  readonly error?: string;
  /** It asks the model once more, with these instructions and its argument `question`; the answer is its result. */
  readonly agent?: { readonly name: string; readonly system: string };
  /** It returns `result`, and from then on the app speaks with these instructions. */
  readonly handOff?: { readonly name: string; readonly system: string };
}

/** One thing the user does, one trace. Without `user` the last answer is asked for again. */
export interface Step {
  /** Which of the scenario's conversations; `main` unless given. */
  readonly thread?: string;
  /** Instructions from this step on. */
  readonly system?: string;
  readonly user?: string;
  readonly attachments?: readonly Attachment[];
  /** How many of the last questions, with all that followed, are taken back before this one. */
  readonly edit?: number;
  /** The app sends this many of the newest messages and no more. */
  readonly window?: number;
  /** The app replaces its history by this summary, told as a user message, before it asks. */
  readonly compact?: string;
  readonly stream?: boolean;
  /** The app leaves the stream after this many pieces of text and keeps what it has. */
  readonly abandonAfter?: number;
  /** JSON schema that the answer must have. */
  readonly schema?: Json;
  /** What the model answers, call by call, failures included. */
  readonly replies: readonly ScriptedReply[];
  readonly sideCalls?: readonly SideCall[];
}

/** One play: what users do, what models answer, and how the app is set up. */
export interface Scenario {
  readonly name: string;
  /** What makes it hard, for the matrix's legend. */
  readonly about: string;
  readonly system: string;
  readonly tools: readonly ScenarioTool[];
  readonly steps: readonly Step[];
  /** Where the thread id stands: as the emitter would have it unless given. */
  readonly threadIdOn?: 'root' | 'child' | 'last' | 'none';
  /** The span around a step: the app's own unless given. `missing`: it is never exported. */
  readonly root?: 'http' | 'missing';
  /** `false`: the emitter is told to keep content to itself. */
  readonly capture?: false;
  /** Longest attribute value in characters, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT. */
  readonly valueLengthLimit?: number;
  /** The app sends what is new and names the response before it. */
  readonly chained?: true;
}

/** The conversation of a step. */
export const threadOf = ({ thread = 'main' }: Step): string => thread;
