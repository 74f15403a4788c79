import type { Context, MiddlewareHandler } from 'hono';
import { ColloquyError } from '../errors.js';
import { checkLoopbackHost } from '../loopback-guard.js';
import type { Access } from './access.js';
import type { Admission } from '../admission.js';
import { type Attempt, PROJECT_HEADER, type Principal } from './authorise.js';
import { type HeaderReader, readCredentials } from './credentials.js';
import { findRule, methodsOf, type Rule } from './rules.js';
import { refusalOf } from './visitor-items.js';

const attemptOf = (header: HeaderReader): Attempt => ({
  credentials: readCredentials(header),
  origin: header('origin'),
  host: header('host'),
  project: header(PROJECT_HEADER),
});

/** Lets requests in over HTTP and gRPC, or throws why not. */
export class Guard {
  readonly #access: Access;
  readonly #principals = new WeakMap<Request, Principal>();

  constructor(access: Access) {
    this.#access = access;
  }

  /** To stand before all routes of the app. @throws ColloquyError, for the app to answer */
  readonly middleware: MiddlewareHandler = async (context, next) => {
    await this.#access.refresh();
    await this.#check(context);
    await next();
  };

  async #check({ req }: Context): Promise<void> {
    const header: HeaderReader = (name) => req.header(name);
    if (!this.#access.isLocked) checkLoopbackHost(header('host'));
    const rule = findRule(req.method, req.path);
    if (rule?.allow === 'anyone') return;
    const asked: Rule = rule ?? { method: 'GET', path: '', allow: 'anyone' };
    this.#principals.set(req.raw, await this.#access.admit(asked, attemptOf(header)));
    // Without keys a route that the table forgot answers as it did before there were any.
    if (rule === undefined && this.#access.isLocked) throw noRoute(req.path);
  }

  /** Who sent a request that was let in. */
  readonly principalOf = (request: Request): Principal => {
    const principal = this.#principals.get(request);
    if (principal === undefined)
      throw new ColloquyError('INTERNAL', 'A route was reached without being let in.');
    return principal;
  };

  /** What the OTLP/HTTP receiver is told. */
  readonly admissionOf = (request: Request): Admission => this.#describe(this.principalOf(request));

  /**
   * Lets a gRPC call in.
   * @param path - `/<service>/Export`
   * @throws ColloquyError
   */
  readonly admitCall = async (path: string, header: HeaderReader): Promise<Admission> => {
    await this.#access.refresh();
    if (!this.#access.isLocked) checkLoopbackHost(header('host'));
    const rule = findRule('POST', path);
    if (rule === undefined) throw noRoute(path);
    // Calls are not looked through for what is of one thread.
    const asked = { ...rule, takesTokens: false };
    return this.#describe(await this.#access.admit(asked, attemptOf(header)));
  };

  #describe(principal: Principal): Admission {
    const { visitor } = principal;
    return {
      refusalOf: visitor === undefined ? undefined : (span) => refusalOf(visitor, span),
      projectId: principal.projectId,
      maxBodyBytes: principal.key?.limits.maxBodyBytes,
      charge: (bytes) => this.#access.charge(principal, bytes),
    };
  }
}

function noRoute(path: string): ColloquyError {
  const methods = methodsOf(path);
  return methods.length === 0
    ? new ColloquyError(
        'NOT_FOUND',
        'There is nothing here; /api/v1/openapi.json lists what there is.',
      )
    : new ColloquyError('METHOD_NOT_ALLOWED', `This path only takes ${methods.join(' and ')}.`);
}
