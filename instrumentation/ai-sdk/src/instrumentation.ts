import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation';
import type { Fields } from './fields.js';
import { patchSdk, type ActiveTracer } from './patch.js';
import { createTelemetry, type TelemetryIntegration } from './telemetry.js';
import { VERSION } from './version.js';

/** Where version 7 looks for whom to tell. */
const registry = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] };

/**
 * Records every model call that the AI SDK makes in this process: of versions 5 and 6 by patching the
 * functions that are given a model, of version 7, tools too, as a telemetry integration.
 */
export class AISdkInstrumentation extends InstrumentationBase {
  #telemetry: TelemetryIntegration | undefined;

  constructor(config: InstrumentationConfig = {}) {
    super('@colloquy/instrumentation-ai-sdk', VERSION, { ...config, enabled: false });
    if (config.enabled !== false) this.enable();
  }

  override enable(): void {
    super.enable();
    this.#telemetry ??= createTelemetry(this.#active);
    const known = (registry.AI_SDK_TELEMETRY_INTEGRATIONS ??= []);
    if (!known.includes(this.#telemetry)) known.push(this.#telemetry);
  }

  override disable(): void {
    super.disable();
    const known = registry.AI_SDK_TELEMETRY_INTEGRATIONS ?? [];
    const index = known.indexOf(this.#telemetry);
    if (index >= 0) known.splice(index, 1);
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition('ai', ['>=5.0.0 <7'], (sdk: Fields) =>
      patchSdk(sdk, this.#active),
    );
  }

  readonly #active: ActiveTracer = () => (this.isEnabled() ? () => this.tracer : undefined);
}
