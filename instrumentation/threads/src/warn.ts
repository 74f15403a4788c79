import { diag } from '@opentelemetry/api';

let isSilent = false;

/** Tells the developer once, whatever else goes wrong later; the application goes on. */
export function warnOnce(message: string): void {
  if (isSilent) return;
  isSilent = true;
  console.warn(`colloquy: ${message}`);
}

/** Runs what must never reach the application; what it throws is told to OpenTelemetry's `diag`. */
export function guard<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    diag.error('colloquy: recording failed', error);
    warnOnce('recording failed; set a diag logger of OpenTelemetry to see why');
    return undefined;
  }
}
