import type { Span } from '@colloquy/schema';

/** On whose behalf a request comes in, and what it may bring. */
export interface Admission {
  readonly projectId: string;
  /** Bytes of a body, also decompressed; the receiver's own limit where this is left out. */
  readonly maxBodyBytes?: number | undefined;
  /** Told how large the body was, decompressed. */
  readonly charge?: (bytes: number) => void;
  /** Why a span may not be taken, `undefined` where it may; all may where this is left out. */
  readonly refusalOf?: ((span: Span) => string | undefined) | undefined;
}
