import { context, createContextKey, type Context } from '@opentelemetry/api';

const RECORDED = createContextKey('colloquy ai-sdk call');

/** A context in which the call of a model is told already; a second teller keeps silent. */
export const asRecorded = (ctx: Context): Context => ctx.setValue(RECORDED, true);

export const isRecorded = (): boolean => context.active().getValue(RECORDED) === true;
