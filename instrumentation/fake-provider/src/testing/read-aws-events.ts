/** One event of an AWS stream, as far as the tests of the shapes look at it. */
export interface AwsEvent {
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

/** Reads a whole AWS event stream; sums are not checked. */
export async function readAwsEvents(response: Response): Promise<AwsEvent[]> {
  const stream = Buffer.from(await response.arrayBuffer());
  const events: AwsEvent[] = [];
  for (let at = 0; at < stream.length; at += stream.readUInt32BE(at)) {
    const headersEnd = at + 12 + stream.readUInt32BE(at + 4);
    const end = at + stream.readUInt32BE(at) - 4;
    // The event type is the first header: a length, its 11 letters, the kind, a length.
    const typeAt = at + 12 + 1 + ':event-type'.length + 1;
    const type = stream.toString('utf8', typeAt + 2, typeAt + 2 + stream.readUInt16BE(typeAt));
    events.push({ type, payload: JSON.parse(stream.toString('utf8', headersEnd, end)) });
  }
  return events;
}
