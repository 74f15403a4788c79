import { createdKeyShape, type KeyAnswer, keyListShape, newKeyShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { csrf } from 'hono/csrf';
import type { AccessKey } from '../../access/access-key.js';
import type { KeyAdministration } from '../../access/administration.js';
import type { Principal } from '../../access/authorise.js';
import { changesOf, responsesOf } from './responses.js';

/** What the routes of keys and projects need. */
export interface AccessRoutes {
  readonly administration: KeyAdministration;
  /** Who sent a request. */
  readonly principalOf: (request: Request) => Principal;
}

const LIST = createRoute({
  method: 'get',
  path: '/keys',
  summary: 'Lists keys, revoked ones too; a key to one project sees those of its project',
  responses: responsesOf('The keys, without what is secret of them.', keyListShape),
});

const CREATE = createRoute({
  method: 'post',
  path: '/keys',
  summary: 'Makes a key; it counts at once here, and within 2 s in other collectors',
  request: { body: { required: true, content: { 'application/json': { schema: newKeyShape } } } },
  responses: {
    201: {
      description: 'The key.',
      content: { 'application/json': { schema: createdKeyShape } },
    },
    ...changesOf(),
  },
});

const REVOKE = createRoute({
  method: 'delete',
  path: '/keys/{key_id}',
  summary: 'Revokes a key for good, within 2 s in other collectors',
  request: { params: z.object({ key_id: z.string() }) },
  responses: { 204: { description: 'It is revoked.' }, ...changesOf() },
});

const timeOf = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();

const encodeKey = (key: AccessKey, usedAt: number | undefined): KeyAnswer => ({
  key_id: key.keyId,
  project_id: key.projectId ?? null,
  name: key.name,
  scopes: key.scopes,
  origins: key.origins,
  requests_per_second: key.limits.requestsPerSecond ?? null,
  bytes_per_second: key.limits.bytesPerSecond ?? null,
  max_body_bytes: key.limits.maxBodyBytes ?? null,
  expires_at: timeOf(key.expiresAt),
  created_at: new Date(key.createdAt).toISOString(),
  revoked_at: timeOf(key.revokedAt),
  last_used_at: timeOf(usedAt),
});

/** `/keys` and `/keys/{key_id}`. */
export function addKeyRoutes(
  app: OpenAPIHono,
  { administration, principalOf }: AccessRoutes,
): void {
  // Without keys a form of some web page could otherwise make one.
  app.use('/keys', csrf());

  app.openapi(LIST, async ({ req, json }) => {
    const keys = await administration.listKeys(principalOf(req.raw));
    const uses = await administration.readUses();
    return json({ keys: keys.map((key) => encodeKey(key, uses.get(key.keyId))) }, 200);
  });

  app.openapi(CREATE, async ({ req, json }) => {
    const { key, text } = await administration.createKey(principalOf(req.raw), req.valid('json'));
    return json({ ...encodeKey(key, undefined), key: text }, 201);
  });

  app.openapi(REVOKE, async ({ req, body }) => {
    await administration.revokeKey(principalOf(req.raw), req.valid('param').key_id);
    return body(null, 204);
  });
}
