import type { Remedy } from './check.js';

/** How an app says the thread, tracer by tracer. */
const THREAD_SETTINGS: Readonly<Record<string, string>> = {
  colloquy: 'await openThread({ id: chatId, userId }).run(() => answer(question))',
  openinference: 'with using_attributes(session_id=chat_id, user_id=user_id): ...',
  openllmetry: 'Traceloop.set_association_properties({"session_id": chat_id, "user_id": user_id})',
  'vercel-ai':
    'experimental_telemetry: { isEnabled: true, metadata: { sessionId: chatId, userId } }',
  langfuse: 'with propagate_attributes(session_id=chat_id, user_id=user_id): ...',
  langsmith: 'config={"metadata": {"session_id": chat_id, "user_id": user_id}}',
  mastra: 'agent.generate(messages, { memory: { thread: chatId, resource: userId } })',
  'pydantic-ai': 'agent.run(..., conversation_id=chat_id)',
  'google-adk': 'runner.run(user_id=user_id, session_id=chat_id, new_message=message)',
  strands: 'Agent(trace_attributes={"session.id": chat_id, "user.id": user_id})',
  laminar: 'Laminar.set_trace_session_id(chat_id)',
  genkit: 'chat = ai.createSession({ sessionId: chatId }).chat()',
  litellm: 'completion(..., metadata={"session_id": chat_id})',
};
const ANY_THREAD_SETTING = "trace.get_current_span().set_attribute('session.id', chat_id)";

export const sayTheThread: Remedy = (dialect) => ({
  advice: 'Say which conversation a call belongs to: on any span of its trace, best on the root.',
  setting: THREAD_SETTINGS[dialect] ?? ANY_THREAD_SETTING,
});

export const sayItOnTheRoot: Remedy = () => ({
  advice:
    'Colloquy reads the id wherever it stands. Tools that read only the root do not: set it where the trace begins.',
  setting: ANY_THREAD_SETTING,
});

/** What switches content on, tracer by tracer. */
const CONTENT_SETTINGS: Readonly<Record<string, string>> = {
  openinference: 'OPENINFERENCE_HIDE_INPUTS=false OPENINFERENCE_HIDE_OUTPUTS=false',
  openllmetry: 'TRACELOOP_TRACE_CONTENT=true',
  'vercel-ai':
    'experimental_telemetry: { isEnabled: true, recordInputs: true, recordOutputs: true }',
  'google-adk': 'ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS=true',
  'pydantic-ai': 'InstrumentationSettings(include_content=True)',
  microsoft: 'ENABLE_SENSITIVE_DATA=true',
  'claude-code': 'OTEL_LOG_USER_PROMPTS=1',
  codex: '[otel] log_user_prompt = true',
};

export const captureContent: Remedy = (dialect) => ({
  advice:
    'The tracer keeps the words to itself. Only counts and times of these calls can be shown until it is told to send them.',
  setting: CONTENT_SETTINGS[dialect] ?? 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true',
});

export const raiseTheCount: Remedy = () => ({
  advice:
    'The SDK drops attributes beyond its limit, 128 unless set, and with them messages of long histories.',
  setting: 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=10000',
});

export const raiseTheLength: Remedy = () => ({
  advice: 'A limit cuts attribute values; JSON that is cut is shown as it came, not as messages.',
  setting: 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=',
});

/** What switches one off, by how scopes of JavaScript and of Python name it. */
const SWITCHES: readonly (readonly [scope: RegExp, variable: string])[] = [
  [/@[\w-]+\/[\w-]*instrumentation-([\w-]+)/, 'OTEL_NODE_DISABLED_INSTRUMENTATIONS'],
  [/opentelemetry\.instrumentation\.([a-z]+)/, 'OTEL_PYTHON_DISABLED_INSTRUMENTATIONS'],
  [/openinference\.instrumentation\.([a-z]+)/, 'OTEL_PYTHON_DISABLED_INSTRUMENTATIONS'],
];

function switchOff(scopes: string): string {
  for (const [scope, variable] of SWITCHES) {
    const name = scope.exec(scopes)?.[1];
    if (name !== undefined) return `${variable}=${name}`;
  }
  return 'OTEL_PYTHON_DISABLED_INSTRUMENTATIONS=openai';
}

export const instrumentOnce: Remedy = (scopes) => ({
  advice: `Two instrumentations record the same call (${scopes}). It is shown and counted once, but sent twice: switch one off.`,
  setting: switchOff(scopes),
});

export const addTheDialect: Remedy = (scope) => ({
  advice: `No table knows the attributes of the scope "${scope}". Its spans are kept; to have them read, add a table as CONTRIBUTING.md shows, or send us one of its spans.`,
});

export const setTheClock: Remedy = (service) => ({
  advice: `The clock of "${service}" is wrong by more than two seconds against its callers or this machine.`,
  setting: 'timedatectl set-ntp true',
});

export const exportAll: Remedy = () => ({
  advice:
    'Parents of these spans did not arrive: a service of the trace exports elsewhere, or a process ended before its last batch had left. Flush before it ends.',
  setting: 'await provider.forceFlush()',
});

export const nameTheSession: Remedy = () => ({
  advice: 'Log records without a trace need an id of their own to belong to a conversation.',
  setting: "logger.emit({ attributes: { 'session.id': chatId }, ... })",
});
