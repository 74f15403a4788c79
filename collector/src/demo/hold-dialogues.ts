import { text } from 'node:stream/consumers';
import { DIALOGUES } from './dialogues.js';

/** All that is said, in the order of a busy service: one turn of each person, then the next. */
function* interleave() {
  const longest = Math.max(...DIALOGUES.map(({ turns }) => turns.length));
  for (let index = 0; index < longest; index += 1) {
    for (const { userId, threadId, turns } of DIALOGUES) {
      const turn = turns[index];
      if (turn !== undefined) yield { userId, threadId, turn };
    }
  }
}

/** Holds all dialogues with the chat service. @throws Error when it does not answer as scripted */
export async function holdDialogues(chatUrl: string, signal: AbortSignal): Promise<void> {
  for (const { userId: user, threadId: thread, turn } of interleave()) {
    const { stream = false } = turn;
    const response = await fetch(`${chatUrl}/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, thread, text: turn.user, stream }),
      signal,
    });
    const answer = response.body === null ? '' : await text(response.body);
    if (!response.ok) throw new Error(`The chat service answered ${response.status} to ${user}.`);
    if (answer === '') throw new Error(`The chat service said nothing to ${user}.`);
  }
}
