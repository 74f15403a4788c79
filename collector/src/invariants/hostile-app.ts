import type { Message, Part } from '@colloquy/schema';

/** What a model says to one question: what it does with tools first, and then its words. */
export interface Reply {
  readonly rounds: readonly Round[];
  readonly thought: string | undefined;
  readonly text: string;
}

/** Tools called at once, each told what it gave, beside words or not. */
interface Round {
  readonly text: string;
  readonly thought: string | undefined;
  readonly results: readonly string[];
}

/** What an app does next with its conversation. */
export type Move =
  | { readonly kind: 'ask'; readonly text: string; readonly reply: Reply }
  | { readonly kind: 'regenerate'; readonly reply: Reply }
  | { readonly kind: 'edit'; readonly back: number; readonly text: string; readonly reply: Reply }
  | { readonly kind: 'retry'; readonly text: string; readonly reply: Reply }
  | { readonly kind: 'window'; readonly keep: number }
  | { readonly kind: 'compact'; readonly keep: number; readonly summary: string }
  | { readonly kind: 'clear' }
  | { readonly kind: 'leave'; readonly share: number; readonly isToldWhole: boolean }
  | { readonly kind: 'side'; readonly text: string; readonly answer: string };

/** What an app makes of all it holds. */
export interface Manner {
  readonly system: string | undefined;
  /** What the histories that it sends have lost of answers. */
  readonly loses: ReadonlySet<'thoughts' | 'calls' | 'words beside calls' | 'blank answers'>;
  readonly hasIds: boolean;
  readonly resultsTogether: boolean;
  /** Every call in a trace of its own, or every turn. */
  readonly traces: 'calls' | 'turns';
}

/** One model call as a tracer tells it. */
export interface ToldCall {
  readonly turn: number;
  readonly system: string | undefined;
  readonly input: readonly Message[];
  readonly output: readonly Message[];
}

const text = (role: string, content: string): Message => ({
  role,
  parts: [{ type: 'text', content }],
});

const hasCall = ({ parts }: Message): boolean => parts.some(({ type }) => type === 'tool_call');

const isBlank = ({ parts }: Message): boolean =>
  parts.every((part) => part.type === 'reasoning' || (part.type === 'text' && part.content === ''));

/** An app that does what apps do with histories, and knows what was said. */
export class HostileApp {
  readonly calls: ToldCall[] = [];
  /** What was said, to the letter, by whomever, each as often as it was. */
  readonly facts: Message[] = [];
  readonly #manner: Manner;
  #history: Message[] = [];
  #turn = 0;
  #ids = 0;
  #left = 0;

  constructor(manner: Manner) {
    this.#manner = manner;
  }

  play(move: Move): void {
    this.#turn += 1;
    switch (move.kind) {
      case 'ask':
        return this.#ask(move.text, move.reply);
      case 'retry':
        this.#say(text('user', move.text));
        this.#call([]);
        return this.#answer(move.reply);
      case 'regenerate':
        return this.#takeBack(0) ? this.#answer(move.reply) : undefined;
      case 'edit':
        if (this.#takeBack(move.back)) this.#history.pop();
        return this.#ask(move.text, move.reply);
      case 'window':
        this.#history = this.#history.slice(-move.keep);
        return undefined;
      case 'compact':
        return this.#compact(move.keep, move.summary);
      case 'clear':
        this.#history = this.#history.map((message) => cleared(message));
        return undefined;
      case 'leave':
        return this.#leave(move.share, move.isToldWhole);
      case 'side':
        return this.#aside(move.text, move.answer);
    }
  }

  #say(message: Message): void {
    this.facts.push(message);
    this.#history.push(message);
  }

  #call(output: readonly Message[]): void {
    const { system } = this.#manner;
    this.calls.push({ turn: this.#turn, system, input: [...this.#history], output });
    this.facts.push(...output);
    for (const message of output) this.#history.push(...this.#echo(message));
  }

  #ask(words: string, reply: Reply): void {
    this.#say(text('user', words));
    this.#answer(reply);
  }

  #answer({ rounds, thought, text: words }: Reply): void {
    for (const round of rounds) this.#useTools(round);
    this.#call([said(thought, words, [])]);
  }

  #useTools({ text: words, thought, results }: Round): void {
    const calls = results.map((_, index): Part => {
      this.#ids += 1;
      const id = this.#manner.hasIds ? { id: `call-${this.#ids}` } : {};
      return { type: 'tool_call', ...id, name: `tool_${index}`, arguments: { place: this.#ids } };
    });
    this.#call([said(thought, words, calls)]);
    const parts = results.map((response, index): Part => {
      const call = calls[index];
      const id = call?.type === 'tool_call' && call.id !== undefined ? { id: call.id } : {};
      return { type: 'tool_call_response', ...id, response };
    });
    const messages = this.#manner.resultsTogether ? [parts] : parts.map((part) => [part]);
    for (const message of messages) this.#say({ role: 'tool', parts: message });
  }

  /** Up to the last question but `back`, itself kept; false where there is none. */
  #takeBack(back: number): boolean {
    const questions = this.#history.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
    const last = questions.at(-1 - back) ?? questions[0];
    if (last === undefined) return false;
    this.#history = this.#history.slice(0, last + 1);
    return true;
  }

  #compact(keep: number, summary: string): void {
    const asked = [...this.#history, text('user', 'Summarise what was said so far.')];
    const answer = text('assistant', `In short, they spoke of ${summary}`);
    this.calls.push({ turn: this.#turn, system: 'You sum up.', input: asked, output: [answer] });
    const kept = keep === 0 ? [] : this.#history.slice(-keep);
    const lead = text('user', `Summary of the conversation: In short, they spoke of ${summary}`);
    this.facts.push(answer, lead);
    this.#history = [lead, ...kept];
  }

  /** The app stops reading; what it has is a beginning, and the tracer tells that or all of it. */
  #leave(share: number, isToldWhole: boolean): void {
    const [call, held] = [this.calls.at(-1), this.#history.at(-1)];
    if (call?.system !== this.#manner.system) return;
    const [whole] = call?.output ?? [];
    const part = whole?.parts.at(-1);
    if (call === undefined || held?.role !== 'assistant' || part?.type !== 'text') return;
    const begin = part.content.slice(0, Math.ceil(part.content.length * share));
    if (whole === undefined || begin === '' || this.#left === call.turn) return;
    this.#left = call.turn;
    const cut = (message: Message): Message => ({
      ...message,
      parts: message.parts.map((one) =>
        one.type === 'text' && one.content === part.content ? { ...one, content: begin } : one,
      ),
    });
    this.#history[this.#history.length - 1] = cut(held);
    if (isToldWhole) return;
    this.calls[this.calls.length - 1] = { ...call, output: [cut(whole)] };
    this.facts[this.facts.lastIndexOf(whole)] = cut(whole);
  }

  #aside(words: string, answer: string): void {
    const messages = [text('user', words), text('assistant', answer)] as const;
    this.calls.push({
      turn: this.#turn,
      system: 'You name conversations in three words.',
      input: [messages[0]],
      output: [messages[1]],
    });
    this.facts.push(...messages);
  }

  /** What the app keeps of an answer. */
  #echo(answer: Message): readonly Message[] {
    const { loses } = this.#manner;
    const beside = hasCall(answer);
    const parts = answer.parts.filter(
      ({ type }) =>
        !(type === 'reasoning' && loses.has('thoughts')) &&
        !(type === 'tool_call' && loses.has('calls')) &&
        !(type === 'text' && beside && loses.has('words beside calls')),
    );
    const held = { ...answer, parts };
    return isBlank(held) && loses.has('blank answers') ? [] : [held];
  }
}

function said(thought: string | undefined, words: string, calls: readonly Part[]): Message {
  const parts: Part[] = [
    ...(thought === undefined ? [] : [{ type: 'reasoning', content: thought } as const]),
    ...(words === '' && calls.length > 0 ? [] : [{ type: 'text', content: words } as const]),
    ...calls,
  ];
  return { role: 'assistant', parts };
}

const cleared = (message: Message): Message =>
  message.role !== 'tool'
    ? message
    : {
        ...message,
        parts: message.parts.map((part) =>
          part.type === 'tool_call_response' ? { ...part, response: '[cleared]' } : part,
        ),
      };
