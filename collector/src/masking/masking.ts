import { type LogRecord, maskingSettingsShape, type Span } from '@colloquy/schema';
import { LRUCache } from 'lru-cache';
import type { RefusedItem, TelemetryBatch } from '../consumer.js';
import { digest } from '../digest.js';
import { ColloquyError } from '../errors.js';
import type { ProjectSettings } from '../store/project-settings.js';
import type { IdFields } from './id-fields.js';
import { findFault } from './patterns.js';
import { MASKING, MASKING_SECRET } from './setting-names.js';
import { TelemetryMasker } from './telemetry-masker.js';
import { TextMasker, type Remembered, type Replacement } from './text-masker.js';

/** What a batch became. */
export interface MaskedBatch {
  readonly batch: TelemetryBatch;
  /** What of the batch was refused, by its items as they came, and what could not be masked. */
  asReceived(refused: readonly RefusedItem[]): readonly RefusedItem[];
}

export interface MaskingOptions {
  readonly settings: ProjectSettings;
  readonly idFields: IdFields;
  /** Told how much of a batch was masked, by the name of what found it. */
  readonly onMasked: (projectId: string, found: ReadonlyMap<string, number>) => void;
  /** Told of records that could not be masked and were refused. */
  readonly onError: (error: unknown) => void;
}

/** What the digests of texts seen before may take, roughly, and what one of them takes. */
const MEMORY_BYTES = 32 * 1024 ** 2;
const ENTRY_BYTES = 200;
const FOUND_BYTES = 150;

/** How long masking may hold up everything else, in milliseconds. */
const BREATH_MS = 20;

type Item = Span | LogRecord;

interface Compiled {
  /** The settings and the secret, to the letter. */
  readonly key: string;
  readonly texts: TextMasker;
  readonly ids: 'keep' | 'mask';
}

/** Masks what comes in, as each project wants it. */
export class Masking {
  readonly #options: MaskingOptions;
  readonly #compiled = new Map<string, Compiled>();
  readonly #memory = new LRUCache<string, readonly Replacement[]>({
    maxSize: MEMORY_BYTES,
    sizeCalculation: (found) => ENTRY_BYTES + found.length * FOUND_BYTES,
  });

  constructor(options: MaskingOptions) {
    this.#options = options;
  }

  /**
   * The batch as it may be stored: the same one where the project wants nothing masked.
   * @throws ColloquyError `STORE_UNAVAILABLE` while nobody knows what the project wants
   */
  async mask(batch: TelemetryBatch): Promise<MaskedBatch> {
    const compiled = await this.#read(batch.projectId);
    if (compiled === undefined) return { batch, asReceived: (refused) => refused };
    const found = new Map<string, number>();
    const masker = new TelemetryMasker({
      ...compiled,
      idFields: this.#options.idFields,
      onMasked: (name) => found.set(name, (found.get(name) ?? 0) + 1),
    });
    const unmasked: RefusedItem[] = [];
    const received = new Map<Item, Item>();
    const spans = await this.#each(batch.spans, (span) => masker.span(span), received, unmasked);
    const logs = await this.#each(batch.logs, (log) => masker.log(log), received, unmasked);
    if (found.size > 0) this.#options.onMasked(batch.projectId, found);
    return {
      batch: { ...batch, spans, logs },
      asReceived: (refused) => [
        ...unmasked,
        ...refused.map(({ item, reason }) => ({ item: received.get(item) ?? item, reason })),
      ],
    };
  }

  async #each<T extends Item>(
    items: readonly T[],
    mask: (item: T) => T,
    received: Map<Item, Item>,
    refused: RefusedItem[],
  ): Promise<readonly T[]> {
    const masked: T[] = [];
    let since = performance.now();
    for (const item of items) {
      try {
        const without = mask(item);
        received.set(without, item);
        masked.push(without);
      } catch (error) {
        this.#options.onError(error);
        refused.push({ item, reason: 'it cannot be masked' });
      }
      if (performance.now() - since < BREATH_MS) continue;
      await new Promise((resolve) => void setImmediate(resolve));
      since = performance.now();
    }
    return masked;
  }

  async #read(projectId: string): Promise<Compiled | undefined> {
    const { settings } = this.#options;
    try {
      const value = await settings.get(projectId, MASKING);
      if (value === undefined) return undefined;
      return this.#compile(projectId, value, await settings.get(projectId, MASKING_SECRET));
    } catch (error) {
      const sentence = 'What the project wants masked cannot be read; send it again in a moment.';
      throw new ColloquyError('STORE_UNAVAILABLE', sentence, { cause: error });
    }
  }

  #compile(projectId: string, value: unknown, secret: unknown): Compiled {
    const key = JSON.stringify([value, secret]);
    const known = this.#compiled.get(projectId);
    if (known?.key === key) return known;
    if (typeof secret !== 'string') throw new TypeError('There is no secret for pseudonyms yet.');
    const wanted = maskingSettingsShape.parse(value);
    const faulty = wanted.patterns.find(({ pattern }) => findFault(pattern) !== undefined);
    if (faulty !== undefined) throw new TypeError(`The pattern ${faulty.name} cannot be read.`);
    const texts = new TextMasker(wanted, secret, this.#remember(`${projectId}/${key}`));
    const compiled = { key, texts, ids: wanted.ids };
    this.#compiled.set(projectId, compiled);
    return compiled;
  }

  /** One memory for all projects, so that it is bounded whatever their number. */
  #remember(owner: string): Remembered {
    const memory = this.#memory;
    const prefix = digest(owner);
    return {
      get: (key) => memory.get(`${prefix}/${key}`),
      set: (key, found) => void memory.set(`${prefix}/${key}`, found),
    };
  }
}
