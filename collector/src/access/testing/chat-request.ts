interface Chat {
  readonly threadId: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly text?: string;
}

const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });

const said = (role: string, content: string): string =>
  JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);

/** An OTLP request with one model call. */
export function chatRequest({ threadId, traceId, spanId, text = 'Hello?' }: Chat): object {
  const span = {
    traceId,
    spanId,
    name: 'chat',
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000001000000000',
    attributes: [
      attribute('gen_ai.operation.name', 'chat'),
      attribute('gen_ai.conversation.id', threadId),
      attribute('gen_ai.input.messages', said('user', text)),
      attribute('gen_ai.output.messages', said('assistant', 'I am listening.')),
    ],
  };
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
}
