import { pieces, type ScriptedReply } from '@colloquy/fake-provider';
import type { Json, Message, Part } from '@colloquy/schema';
import {
  threadOf,
  type Attachment,
  type Scenario,
  type ScenarioTool,
  type Step,
} from './scenario.js';

/** Where emitters differ in what they are told, not in how they tell it. */
export interface EmitterTraits {
  /** The model's reasoning is told. */
  readonly reasoning?: boolean;
  /** How the app hands a tool's result to the SDK: JSON text unless given. */
  readonly toolResult?: 'json-text' | 'object';
  /** The app hands the results of all tool calls of one answer over in one message. */
  readonly resultsTogether?: true;
  /** Tool calls and results are told without their ids; `named`: results with the tool's name instead. */
  readonly noCallIds?: boolean | 'named';
  /** The system prompt is not told. */
  readonly noSystem?: boolean;
  /** Messages of the user in a row are sent as one. */
  readonly joinsQuestions?: boolean;
  /**
   * Token counts are not told, not by streams, by the first stream of a turn alone, only with the
   * content, inside the content and not by streams, only where values are not cut, or together with
   * those of thoughts, which the provider counts apart.
   */
  readonly usage?:
    | 'none'
    | 'no-streams'
    | 'one-stream'
    | 'with-content'
    | 'inside-content'
    | 'uncut'
    | 'with-thoughts';
  /** A stream that the app leaves is told to its end all the same; the fuller form is shown. */
  readonly wholeStreams?: true;
  /** Some messages bear the name of the agent beside their role. */
  readonly agentNames?: true;
  /** Takes out of what is told what is drawn at random, before it is compared. */
  readonly withoutDraws?: (part: Part) => Part;
  /** What the model has to be made to say so that a framework plays the scenario. */
  readonly script?: (scenario: Scenario) => Scenario;
  /** The last word on a message: what this emitter makes of it before anyone is told. */
  readonly adapt?: (message: Message, scenario: Scenario) => Message | undefined;
}

/** A message beside the main line. */
interface ExpectedAside extends Message {
  readonly line: 'branch' | 'side_call';
}

/** One conversation as a reader should see it, each message once. */
export interface ExpectedThread {
  readonly messages: readonly Message[];
  /** In no order that matters. */
  readonly aside: readonly ExpectedAside[];
}

const text = (role: string, content: string): Message => ({
  role,
  parts: [{ type: 'text', content }],
});

/** One conversation while the app holds it. */
class Truth {
  readonly main: Message[] = [];
  readonly aside: ExpectedAside[] = [];
  #system: string | undefined;

  say(message: Message): void {
    this.main.push(message);
  }

  instruct(system: string): void {
    if (system === this.#system) return;
    this.#system = system;
    this.main.push(text('system', system));
  }

  /** Takes back the last `count` questions with all that followed, or, with 0, what followed the last one. */
  takeBack(count: number): void {
    const questions = this.main.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
    const last = questions.at(-Math.max(count, 1)) ?? 0;
    const removed = this.main.splice(count === 0 ? last + 1 : last);
    const said = removed.filter(({ role }) => role !== 'system');
    this.aside.push(...said.map((message) => ({ ...message, line: 'branch' as const })));
  }

  besides(messages: readonly Message[]): void {
    this.aside.push(...messages.map((message) => ({ ...message, line: 'side_call' as const })));
  }
}

/** What stands in a scenario, as this emitter tells it. */
class Expectation {
  readonly threads = new Map<string, Truth>();
  readonly #tools: ReadonlyMap<string, ScenarioTool>;
  readonly #systems = new Map<string, string>();
  readonly #system: string;
  readonly #traits: EmitterTraits;

  constructor(scenario: Scenario, traits: EmitterTraits) {
    this.#system = scenario.system;
    this.#traits = traits;
    this.#tools = new Map(scenario.tools.map((tool) => [tool.name, tool]));
  }

  play(step: Step): void {
    const key = threadOf(step);
    const truth = this.threads.get(key) ?? new Truth();
    this.threads.set(key, truth);
    if (step.system !== undefined) this.#systems.set(key, step.system);
    if (step.edit !== undefined) truth.takeBack(step.edit);
    if (step.user === undefined) truth.takeBack(0);
    truth.instruct(this.#systems.get(key) ?? this.#system);
    if (step.compact !== undefined) truth.say(text('user', step.compact));
    if (step.user !== undefined) truth.say(question(step.user, step.attachments ?? []));
    this.#answer(step, key, truth);
    for (const { system, user, reply } of step.sideCalls ?? [])
      truth.besides([text('system', system), text('user', user), this.#said(reply)]);
  }

  #answer(step: Step, key: string, truth: Truth): void {
    const replies = step.replies.filter(({ status }) => status === undefined);
    while (replies.length > 0) {
      const reply = replies.shift() as ScriptedReply;
      truth.say(this.#said(this.#traits.wholeStreams ? reply : heard(reply, step)));
      for (const call of reply.toolCalls ?? []) {
        const tool = this.#tools.get(call.name);
        const answer = tool?.agent && (replies.shift() as ScriptedReply);
        if (tool?.agent && answer) {
          const asked = text('user', String(call.arguments['question']));
          truth.besides([text('system', tool.agent.system), asked, this.#said(answer)]);
        }
        const response = this.#response(tool, answer?.text);
        const name = this.#traits.noCallIds === 'named' ? { name: call.name } : {};
        const id = this.#traits.noCallIds ? name : { id: call.id };
        truth.say({ role: 'tool', parts: [{ type: 'tool_call_response', ...id, response }] });
        if (tool?.handOff) {
          this.#systems.set(key, tool.handOff.system);
          truth.instruct(tool.handOff.system);
        }
      }
    }
  }

  #response(tool: ScenarioTool | undefined, answer: string | undefined): Json {
    if (answer !== undefined) return answer;
    if (tool?.error !== undefined) return tool.error;
    const result = tool?.result ?? null;
    return this.#traits.toolResult === 'object' || typeof result === 'string'
      ? result
      : JSON.stringify(result);
  }

  #said({ reasoning, text: words, toolCalls = [] }: ScriptedReply): Message {
    const parts: Part[] = [];
    if (reasoning !== undefined && this.#traits.reasoning)
      parts.push({ type: 'reasoning', content: reasoning });
    if (words !== undefined) parts.push({ type: 'text', content: words });
    for (const { id, name, arguments: input } of toolCalls) {
      const known = this.#traits.noCallIds ? {} : { id };
      parts.push({ type: 'tool_call', ...known, name, arguments: input });
    }
    return { role: 'assistant', parts };
  }
}

const question = (words: string, attachments: readonly Attachment[]): Message => ({
  role: 'user',
  parts: [
    { type: 'text', content: words },
    ...attachments.map(({ kind, mimeType, base64 }): Part => ({
      type: 'blob',
      modality: kind === 'image' ? 'image' : 'document',
      mime_type: mimeType,
      content: base64,
    })),
  ],
});

/** What the app has when it leaves the stream. */
function heard(reply: ScriptedReply, { abandonAfter }: Step): ScriptedReply {
  if (abandonAfter === undefined || reply.text === undefined) return reply;
  return { ...reply, text: [...pieces(reply.text)].slice(0, abandonAfter).join('') };
}

/** The conversations of a scenario by their keys, as a reader should see them. Pure. */
export function expectThreads(
  told: Scenario,
  traits: EmitterTraits,
): Readonly<Record<string, ExpectedThread>> {
  const scenario = traits.script?.(told) ?? told;
  const expectation = new Expectation(scenario, traits);
  for (const step of scenario.steps) expectation.play(step);
  const tell = <M extends Message>(messages: readonly M[]): readonly M[] =>
    messages
      .filter(({ role }) => !(role === 'system' && traits.noSystem))
      .flatMap((message) => (traits.adapt ? adapted(message, traits.adapt, scenario) : [message]));
  const handOver = traits.resultsTogether
    ? joinResults
    : (messages: readonly Message[]) => messages;
  return Object.fromEntries(
    [...expectation.threads].map(([key, { main, aside }]) => [
      key,
      {
        messages: tell(handOver(traits.joinsQuestions ? joinQuestions(main) : main)),
        aside: tell(aside),
      },
    ]),
  );
}

/** Tool results in a row are those of one answer. */
const joinResults = (messages: readonly Message[]): readonly Message[] =>
  messages.reduce<readonly Message[]>((joined, message) => {
    const last = joined.at(-1);
    if (last?.role !== 'tool' || message.role !== 'tool') return [...joined, message];
    return [...joined.slice(0, -1), { ...last, parts: [...last.parts, ...message.parts] }];
  }, []);

function joinQuestions(messages: readonly Message[]): readonly Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === 'user' && message.role === 'user')
      joined[joined.length - 1] = { ...last, parts: [...last.parts, ...message.parts] };
    else joined.push(message);
  }
  return joined;
}

function adapted<M extends Message>(
  message: M,
  adapt: NonNullable<EmitterTraits['adapt']>,
  scenario: Scenario,
): readonly M[] {
  const told = adapt(message, scenario);
  return told === undefined ? [] : [{ ...message, ...told }];
}
