const firstLine = ({ message }: Error): string => message.split('\n')[0]?.slice(0, 200) ?? '';

/** An error's kind and first line, without the statement or rows that a client library adds. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const cause = error.cause instanceof Error ? ` (${firstLine(error.cause)})` : '';
  return `${error.name}: ${firstLine(error)}${cause}`;
}
