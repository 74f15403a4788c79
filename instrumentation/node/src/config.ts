/** What {@link start} may be told; what is left out comes from the environment. */
export interface StartOptions {
  /**
   * Base URL of the collector.
   * @default `COLLOQUY_ENDPOINT`; without it `OTEL_EXPORTER_OTLP_ENDPOINT` and its siblings hold, else `http://localhost:4318`
   */
  readonly endpoint?: string | undefined;
  /** Sent as a bearer token. @default `COLLOQUY_API_KEY` */
  readonly apiKey?: string | undefined;
  /** @default `OTEL_SERVICE_NAME` */
  readonly serviceName?: string | undefined;
  /**
   * Whether what models, agents and tools are sent and say is recorded.
   * @default `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`
   */
  readonly captureContent?: boolean | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  readonly isDisabled: boolean;
  /** False where another exporter is wanted: `OTEL_TRACES_EXPORTER` names none of ours. */
  readonly exports: boolean;
  readonly endpoint: string | undefined;
  readonly apiKey: string | undefined;
  readonly serviceName: string | undefined;
  readonly captureContent: boolean | undefined;
  readonly disabledInstrumentations: ReadonlySet<string>;
}

const listOf = (text = ''): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

/** Options before the environment before defaults. Pure. */
export function readConfig(options: StartOptions, env: Environment): Config {
  const exporters = listOf(env['OTEL_TRACES_EXPORTER']);
  return {
    isDisabled: env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true',
    exports: exporters.length === 0 || exporters.includes('otlp'),
    endpoint: options.endpoint ?? (env['COLLOQUY_ENDPOINT'] || undefined),
    apiKey: options.apiKey ?? (env['COLLOQUY_API_KEY'] || undefined),
    serviceName: options.serviceName,
    captureContent: options.captureContent,
    disabledInstrumentations: new Set(listOf(env['OTEL_NODE_DISABLED_INSTRUMENTATIONS'])),
  };
}
