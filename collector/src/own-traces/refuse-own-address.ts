import { isLoopback, type Address, type Config } from '../config.js';
import { ColloquyError } from '../errors.js';

const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

const isSame = (listen: Address, to: Address): boolean =>
  listen.port === to.port &&
  (listen.host === to.host || (isLoopback(to) && (isLoopback(listen) || ANY.has(listen.host))));

/**
 * What a collector sends to itself would come round for ever.
 * @throws ColloquyError `STARTUP_FAILED` naming the setting
 */
export function refuseOwnAddress(config: Config): void {
  for (const setting of ['forward-url', 'own-traces-url'] as const) {
    const url = config[setting];
    if (url === undefined) continue;
    const { hostname, port, protocol } = new URL(url);
    const to = {
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port),
    };
    const doors = [config.listen, config['grpc-listen']];
    if (doors.some((listen) => listen !== undefined && isSame(listen, to)))
      throw new ColloquyError(
        'STARTUP_FAILED',
        `--${setting} is ${url}, which is this collector itself; give it another backend.`,
      );
  }
}
