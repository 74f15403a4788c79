import type { EmitterTraits } from '../scenarios/expect.js';

/** How a producer's app is started; the path of the play comes last. */
export type App =
  | {
      /** A script of `recorders/python`, and the environment of `recorders/python/requirements` it needs. */
      readonly python: string;
      readonly environment: string;
      readonly args?: readonly string[];
    }
  | {
      /** A script of `recorders/javascript/<package>`, a package with dependencies of its own. */
      readonly javascript: string;
      readonly package: string;
      readonly args?: readonly string[];
    }
  | {
      /** An app of `src/emitters`, its SDKs among our own development dependencies. */
      readonly emitter: string;
    };

/** A real SDK under a real tracer, and what it can do. */
export interface Producer {
  /** The folder of its recordings. */
  readonly name: string;
  /** Packages and versions. */
  readonly about: string;
  readonly app: App;
  readonly traits: EmitterTraits;
  /** Scenarios that are not recorded, each with the reason. */
  readonly skips: Readonly<Record<string, string>>;
  /** Scenarios whose conversation does not come out right yet, each with what is wrong. */
  readonly misses?: Readonly<Record<string, string>>;
}
