import { ServerCredentials } from '@grpc/grpc-js';

/** A certificate that may be replaced; both in PEM. */
export interface GrpcCertificate {
  readonly certificate: { readonly cert: Buffer; readonly key: Buffer };
  onChange(listener: (certificate: GrpcCertificate['certificate']) => void): void;
}

/** The package's own credentials keep the certificate they were made with. */
class ReplaceableCredentials extends ServerCredentials {
  constructor(source: GrpcCertificate) {
    super({ requestCert: false }, source.certificate);
    source.onChange((certificate) => this.updateSecureContextOptions(certificate));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

/** TLS where there is a certificate. */
export const grpcCredentials = (source: GrpcCertificate | undefined): ServerCredentials =>
  source === undefined ? ServerCredentials.createInsecure() : new ReplaceableCredentials(source);
