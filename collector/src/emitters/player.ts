import { readFileSync } from 'node:fs';
import type { Json } from '@colloquy/schema';
import type { Play } from '../recorder/play.js';
import { threadOf, type Scenario, type ScenarioTool, type Step } from '../scenarios/scenario.js';
import type {
  Answer,
  App,
  CompleteApp,
  ModelRequest,
  PlayTool,
  Thread,
  ToolCall,
  ToolResult,
} from './app.js';
import type { Tracer } from './tracer.js';

/** A tool's own failure, in its own words. */
export class ToolFailed extends Error {
  override readonly name = 'ToolFailed';

  /** What AI SDK 7 tells its model. */
  override toString(): string {
    return this.message;
  }
}

/** A tool's result as apps hand it over. */
const textOf = (result: Json): string =>
  typeof result === 'string' ? result : JSON.stringify(result);

/** Runs the steps of a scenario, the twin of `recorders/python/play.py`. */
class Player<Message> {
  readonly #scenario: Scenario;
  readonly #app: App<Message>;
  readonly #tracer: Tracer;

  constructor(scenario: Scenario, app: App<Message>, tracer: Tracer) {
    this.#scenario = scenario;
    this.#app = app;
    this.#tracer = tracer;
  }

  async step(thread: Thread<Message>, step: Step): Promise<string> {
    this.#ask(thread, step);
    const text = await ('complete' in this.#app
      ? this.#converse(this.#app, thread, step)
      : this.#answer(thread, step));
    for (const { system, user } of step.sideCalls ?? [])
      await this.#askAside(thread, { agent: 'side', system, user });
    return text;
  }

  /** Brings the history to where the model is to answer it. */
  #ask(thread: Thread<Message>, { system, edit, user, compact, attachments = [] }: Step): void {
    thread.system = system ?? thread.system;
    if (edit !== undefined) thread.history.splice(thread.turns.splice(-edit)[0] ?? 0);
    if (user === undefined) thread.history.splice((thread.turns.at(-1) ?? 0) + 1);
    if (compact !== undefined)
      thread.history.splice(0, thread.history.length, this.#app.user(compact, []));
    if (user !== undefined) {
      thread.turns.push(thread.history.length);
      thread.history.push(this.#app.user(user, attachments));
    }
  }

  #request(
    thread: Thread<Message>,
    { stream = false, abandonAfter, schema, window }: Step,
    messages: readonly Message[],
  ): ModelRequest<Message> {
    return {
      thread,
      get system() {
        return thread.system;
      },
      messages: window === undefined ? [...messages] : thread.history.slice(-window),
      tools: this.#scenario.tools.map((tool) => this.#tool(thread, tool)),
      agent: thread.agent,
      stream,
      abandonAfter,
      schema,
      previousResponseId: thread.previousResponseId,
    };
  }

  /** The framework runs the tools. */
  async #answer(thread: Thread<Message>, step: Step): Promise<string> {
    const sent = this.#scenario.chained ? thread.history.slice(-1) : thread.history;
    const done = await retried(step, () => this.#complete(this.#request(thread, step, sent)));
    thread.history.push(...done.messages);
    if (this.#scenario.chained) thread.previousResponseId = done.responseId;
    return done.text;
  }

  /** The player runs the tools until the model asks for none. */
  async #converse(app: CompleteApp<Message>, thread: Thread<Message>, step: Step): Promise<string> {
    const chained = this.#scenario.chained ?? false;
    let fresh: readonly Message[] = thread.history.slice(-1);
    for (;;) {
      const request = this.#request(thread, step, chained ? fresh : thread.history);
      const done = await retried(step, () => app.complete(request));
      const left = step.abandonAfter !== undefined;
      thread.history.push(...(left ? [app.assistant(done.text)] : done.messages));
      if (chained) thread.previousResponseId = done.responseId;
      if (done.toolCalls.length === 0) return done.text;
      const results: ToolResult[] = [];
      for (const call of done.toolCalls) results.push(await this.#call(request.tools, call));
      fresh = app.toolResults(results);
      thread.history.push(...fresh);
    }
  }

  async #call(tools: readonly PlayTool[], call: ToolCall): Promise<ToolResult> {
    const tool = tools.find(({ name }) => name === call.name);
    if (tool === undefined) throw new Error(`the scenario has no tool ${call.name}`);
    try {
      const result = await this.#tracer.tool(call, () => tool.run(call.arguments));
      return { call, text: textOf(result), isError: false };
    } catch (error) {
      if (!(error instanceof ToolFailed)) throw error;
      return { call, text: error.message, isError: true };
    }
  }

  #tool(thread: Thread<Message>, tool: ScenarioTool): PlayTool {
    const run = async (input: Readonly<Record<string, unknown>>): Promise<Json> => {
      if (tool.error !== undefined) throw new ToolFailed(tool.error);
      if (tool.agent) {
        const { name: agent, system } = tool.agent;
        return this.#askAside(thread, { agent, system, user: String(input['question']) });
      }
      if (tool.handOff) {
        thread.system = tool.handOff.system;
        thread.agent = tool.handOff.name;
      }
      return tool.result ?? null;
    };
    return { ...tool, run };
  }

  /** A question without the history, by somebody with own instructions. */
  async #askAside(
    thread: Thread<Message>,
    { agent, system, user }: Record<'agent' | 'system' | 'user', string>,
  ): Promise<string> {
    const messages = [this.#app.user(user, [])];
    const request = { thread, system, agent, messages, tools: [], stream: false };
    return (await this.#complete(request)).text;
  }

  #complete(request: ModelRequest<Message>): Promise<Answer<Message>> {
    return 'complete' in this.#app ? this.#app.complete(request) : this.#app.answer(request);
  }
}

/** The app's own retries: as often as the step has calls that fail. */
async function retried<T>({ replies }: Step, call: () => Promise<T>): Promise<T> {
  for (const _ of replies.filter(({ status }) => status !== undefined)) {
    try {
      return await call();
    } catch (error) {
      console.error(`attempt failed: ${String(error)}`);
    }
  }
  return call();
}

/** Plays a scenario through an app and a tracer; resolves when all telemetry has left. */
export async function playScenario<Message>(
  { scenario, threads }: Play,
  app: App<Message>,
  tracer: Tracer,
): Promise<void> {
  const player = new Player(scenario, app, tracer);
  const held = new Map(
    Object.entries(threads).map(([key, ids]): [string, Thread<Message>] => [
      key,
      {
        ...ids,
        key,
        system: scenario.system,
        agent: 'colette',
        history: [],
        turns: [],
        previousResponseId: undefined,
      },
    ]),
  );
  for (const step of scenario.steps) {
    const thread = held.get(threadOf(step));
    if (thread === undefined) throw new Error(`the play has no thread ${threadOf(step)}`);
    await tracer.step(thread, step.user, () => player.step(thread, step));
    await tracer.flush();
  }
  await tracer.shutdown();
}

/** The play whose path is the last argument. */
export const readPlay = (): Play =>
  JSON.parse(readFileSync(process.argv.at(-1) ?? '', 'utf8')) as Play;
