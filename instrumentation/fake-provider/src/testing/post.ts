/** Posts JSON as a provider's client does; for the tests of the shapes. */
export const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** The data of the server-sent events of a whole stream. */
export async function readEvents<Event>(response: Response): Promise<Event[]> {
  const frames = (await response.text()).split(/\r?\n\r?\n/).filter((frame) => frame !== '');
  return frames.map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as Event);
}
