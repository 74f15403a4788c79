import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Config } from './config.js';
import { ColloquyError } from './errors.js';

/** A certificate with what stands above it, and its key; in PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

type Listener = (certificate: Certificate) => void;

function readCertificate(certFile: string, keyFile: string): Certificate {
  try {
    const certificate = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(certificate);
    return certificate;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ColloquyError(
      'STARTUP_FAILED',
      `${certFile} and ${keyFile} cannot be used for TLS: ${reason}.`,
      { cause },
    );
  }
}

/** The certificate of `--tls-cert` and `--tls-key`, which may be replaced while it is in use. */
export class TlsFiles {
  readonly #read: () => Certificate;
  readonly #listeners: Listener[] = [];
  #certificate: Certificate;

  constructor(certFile: string, keyFile: string) {
    this.#read = () => readCertificate(certFile, keyFile);
    this.#certificate = this.#read();
  }

  get certificate(): Certificate {
    return this.#certificate;
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Reads the files again. @throws ColloquyError when they are of no use; then the old ones stay */
  reload(): void {
    this.#certificate = this.#read();
    for (const listener of this.#listeners) listener(this.#certificate);
  }
}

/**
 * The certificate that the settings name; `undefined` for none.
 * @throws ColloquyError `STARTUP_FAILED` naming the files and what is wrong with them
 */
export function openTls(config: Config): TlsFiles | undefined {
  const cert = config['tls-cert'];
  const key = config['tls-key'];
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return new TlsFiles(cert, key);
  throw new ColloquyError('STARTUP_FAILED', '--tls-cert and --tls-key belong together; give both.');
}
