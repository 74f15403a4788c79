/** Programs for `runProgram`; `RECORDED` tells whether their client is recorded, `SDK` which major it is of. */

/** `client` answers with what `answer` gives; spans are counted, none is kept. */
const SET_UP = `
  const { trace } = await load('@opentelemetry/api');
  const { BasicTracerProvider } = await load('@opentelemetry/sdk-trace-base');
  const { configure } = await load('@colloquy/threads');
  const { wrapOpenAI } = await load('@colloquy/instrumentation-openai');
  const { OpenAI } = await load(process.env.SDK);
  const counts = { started: 0, ended: 0, cancelled: 0 };
  const none = async () => undefined;
  const counter = {
    onStart: () => void (counts.started += 1),
    onEnd: ({ attributes }) => {
      counts.ended += 1;
      if (attributes['gen_ai.response.finish_reasons']?.[0] === 'cancelled') counts.cancelled += 1;
    },
    forceFlush: none,
    shutdown: none,
  };
  const isRecorded = process.env.RECORDED === 'yes';
  const clientOf = (fetch) => {
    const client = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch });
    return isRecorded ? wrapOpenAI(client) : client;
  };
  const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello?' }] };
  const CHUNK = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\\n\\n';
  const streamed = { headers: { 'content-type': 'text/event-stream' } };
`;

/** Makes calls that fail and lets go of them; prints the rejections that nobody has handled. */
export const UNHANDLED = `${SET_UP}
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [counter] }));
  const unhandled = {};
  const hear = (call) => (reason) => void (unhandled[call] ??= []).push(reason.constructor.name);
  const client = clientOf(async () => new Response('{"error":{"message":"no"}}', { status: 500 }));
  const { completions } = client.chat;
  const calls = {
    create: () => completions.create(hello),
    streamed: () => completions.create({ ...hello, stream: true }),
    responses: () => client.responses.create({ model: 'm', input: 'x' }),
    then: () => completions.create(hello).then(() => 'fine'),
    finally: () => completions.create(hello).finally(() => 'fine'),
    caught: () => completions.create(hello).catch(() => 'caught'),
    raw: () => completions.create(hello).asResponse(),
    both: () => completions.create(hello).withResponse(),
    twice: () => { const promise = completions.create(hello); promise.then(); promise.then(); },
    parse: () => completions.parse?.(hello),
    helper: () => completions.stream?.(hello),
  };
  for (const [name, call] of Object.entries(calls)) {
    const listener = hear(name);
    process.on('unhandledRejection', listener);
    call();
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', listener);
  }
  console.log(JSON.stringify(unhandled));
`;

/** Breaks all that can be broken, many times; prints what came out on stderr. */
export const LOGGED = `${SET_UP}
  const lines = [];
  process.stderr.write = (text) => lines.push(String(text)) > 0;
  const broken = () => { throw new Error('ours'); };
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [{ ...counter, onEnd: broken }] }),
  );
  configure({ captureContent: true, mask: broken });
  const answers = ['{}', 'null', '[]', '{"choices":[null]}'];
  for (const answer of [...answers, ...answers]) {
    const headers = { 'content-type': 'application/json' };
    await clientOf(async () => new Response(answer, { headers })).chat.completions.create(hello);
    const body = 'data: {"choices":[{}]}\\n\\n' + CHUNK + 'data: [DONE]\\n\\n';
    const stream = await clientOf(async () => new Response(body, streamed))
      .chat.completions.create({ ...hello, stream: true });
    for await (const piece of stream);
  }
  console.log(JSON.stringify(lines));
`;

/** Opens as many streams that never end, reads a piece of each, and drops them; prints the heap that was held and what was left, in bytes. */
export const OPEN_STREAMS = `${SET_UP}
  const { setFlagsFromString } = await load('node:v8');
  const { runInNewContext } = await load('node:vm');
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [counter] }));
  configure({ captureContent: true });
  const bytes = new TextEncoder().encode(CHUNK);
  const client = clientOf(
    async () => new Response(new ReadableStream({ start: (body) => body.enqueue(bytes) }), streamed),
  );
  const openOne = async () => {
    const stream = await client.chat.completions.create({ ...hello, stream: true });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    return iterator;
  };
  const heap = async (isDone = () => true) => {
    for (let round = 0; round < 50; round += 1) {
      gc();
      await new Promise((resolve) => setImmediate(resolve));
      if (round > 3 && isDone()) break;
    }
    return process.memoryUsage().heapUsed;
  };
  const openMany = async (count) => {
    const open = [];
    while (open.length < count) open.push(...(await Promise.all(Array.from({ length: 100 }, openOne))));
    return open;
  };
  const WARM_UP = 500;
  await openMany(WARM_UP);
  const before = await heap(() => counts.ended === counts.started);
  let open = await openMany(Number(process.env.STREAMS));
  const opened = await heap();
  const endedEarly = counts.ended - WARM_UP;
  open = undefined;
  const after = await heap(() => counts.ended === counts.started);
  console.log(JSON.stringify({ held: opened - before, left: after - before, endedEarly, ...counts }));
`;
