const CONTEXT = `Answer from the context alone.

Context:
- Trains leave every half hour.
- Most museums close on Mondays.

Question: `;

/** The prompt of an app that retrieves: what it found, the question last. */
export const promptOf = (question: string): string => CONTEXT + question;
