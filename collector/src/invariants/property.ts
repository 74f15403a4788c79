import type { Conversation } from '@colloquy/schema';
import type { RecordedRequest } from '../recordings/load-recording.js';
import type { ReadRequest } from '../recordings/read-request.js';

/** One recording, as properties are tried on it. */
export interface Take {
  readonly producer: string;
  readonly scenario: string;
  /** As the receivers hand them on. */
  readonly recorded: readonly RecordedRequest[];
  /** The same with their meaning. */
  readonly requests: readonly ReadRequest[];
  /** What they give, delivered once and in order. */
  readonly whole: readonly Conversation[];
  /** The take that the same producer made before. */
  readonly other: Take | undefined;
}

/** How often it is tried, and where chance begins. */
export interface Runs {
  readonly numRuns: number;
  readonly seed: number;
}

/** Something that holds of every recording. */
export interface Property {
  /** In the words of `design.md` section 7. */
  readonly claim: string;
  /** @throws Error when it does not hold */
  readonly check: (take: Take, runs: Runs) => void;
}
