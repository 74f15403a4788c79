import { z } from 'zod';

/**
 * What a key may be used for.
 *
 * - `ingest`: send telemetry, from a server.
 * - `public-ingest`: send telemetry, from web pages of the key's origins; anyone can read such a key.
 * - `read`: ask the query API.
 * - `write`: change what is stored.
 * - `admin`: all of these, and the keys of the project.
 */
export const ACCESS_SCOPES = ['ingest', 'public-ingest', 'read', 'write', 'admin'] as const;

export type AccessScope = (typeof ACCESS_SCOPES)[number];

const time = z.iso.datetime().describe('RFC 3339, UTC.');
const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
const limit = z.number().positive().nullable();

/** A project's id, as keys, rows and headers name it. */
export const projectIdShape = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'Must be lower-case letters, digits, - and _, at most 63.');

const nameShape = z.string().trim().min(1).max(200);

/** A project. */
export const projectShape = z.object({
  project_id: z.string(),
  name: z.string(),
  created_at: time.nullable().describe('null of the project that is there by itself.'),
});

export const projectListShape = z.object({ projects: z.array(projectShape).readonly() });

/** What `POST /projects` takes. */
export const newProjectShape = z.strictObject({
  project_id: projectIdShape,
  name: nameShape.optional().describe('The id unless given.'),
});

const keyFields = {
  project_id: z.string().nullable().describe('null of a key to all projects.'),
  name: z.string(),
  scopes: z.array(z.enum(ACCESS_SCOPES)).readonly(),
  origins: z.array(z.string()).readonly().describe('Of the web pages that may use the key.'),
  requests_per_second: limit.describe('null for no limit.'),
  bytes_per_second: limit.describe('Of bodies, decompressed; null for no limit.'),
  max_body_bytes: z.int().positive().nullable().describe("null for the collector's own limit."),
  expires_at: time.nullable(),
};

/** What can be told of a key; never the key. */
export const keyShape = z.object({
  key_id: z.string(),
  ...keyFields,
  created_at: time,
  revoked_at: time.nullable(),
  last_used_at: time.nullable().describe('To the minute.'),
});

export const keyListShape = z.object({ keys: z.array(keyShape).readonly() });

/** What `POST /keys` takes. */
export const newKeyShape = z
  .strictObject({
    project_id: projectIdShape.nullable().describe('null for all projects.'),
    name: nameShape,
    scopes: z.array(z.enum(ACCESS_SCOPES)).min(1),
    origins: z
      .array(z.string().refine(isOrigin, 'Must be an origin such as https://app.example.com.'))
      .default([]),
    requests_per_second: limit.default(null),
    bytes_per_second: limit.default(null),
    max_body_bytes: keyFields.max_body_bytes.default(null),
    expires_at: time.nullable().default(null),
  })
  .refine(({ scopes }) => !scopes.includes('public-ingest') || scopes.length === 1, {
    path: ['scopes'],
    message:
      'A key with public-ingest can have no other scope: whoever opens the page can read it.',
  })
  .refine(({ scopes, origins }) => !scopes.includes('public-ingest') || origins.length > 0, {
    path: ['origins'],
    message: 'A key with public-ingest needs the origins of the pages that use it.',
  })
  .refine(({ project_id, scopes }) => project_id !== null || scopes.join() === 'admin', {
    path: ['project_id'],
    message: 'Only a key with the scope admin alone can be to all projects; name one.',
  });

/** A new key: the only answer that holds the key itself. */
export const createdKeyShape = keyShape.extend({
  key: z.string().describe('Shown this once; only its hash is kept.'),
});

/** What `POST /threads/{thread_id}/tokens` takes. */
export const newTokenShape = z.strictObject({
  user_id: z.string().min(1).optional().describe('Who talks; what names another is refused.'),
  expires_in_seconds: z.int().min(1).max(86_400).default(3_600),
});

/** A token by which a page may report messages, events and feedback of one thread, and nothing else. */
export const threadTokenShape = z.object({ token: z.string(), expires_at: time });

export type ProjectAnswer = z.infer<typeof projectShape>;
export type KeyAnswer = z.infer<typeof keyShape>;
export type NewKey = z.output<typeof newKeyShape>;
export type CreatedKeyAnswer = z.infer<typeof createdKeyShape>;
