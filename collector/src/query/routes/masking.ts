import { randomUUID } from 'node:crypto';
import {
  type MaskingAnswer,
  maskingPreviewShape,
  maskingSettingsShape,
  maskingShape,
  maskingTrialShape,
} from '@colloquy/schema';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  checkPatterns,
  readMaskingSecret,
  readMaskingSettings,
  saveMaskingSettings,
} from '../../masking/configure.js';
import { previewMasking } from '../../masking/preview.js';
import { TextMasker } from '../../masking/text-masker.js';
import type { ProjectSettings } from '../../store/project-settings.js';
import type { QueryContext } from '../query-context.js';
import { findRecentMessages } from '../sql/find-recent-messages.js';
import { responsesOf } from './responses.js';

/** What the routes need beside what every route does. */
export interface MaskingRoutes {
  readonly settings: ProjectSettings;
  /** How much was masked in a project since the start, by what found it. */
  readonly counts: (projectId: string) => Readonly<Record<string, number>>;
}

const GET = createRoute({
  method: 'get',
  path: '/masking',
  summary: 'Tells what the project has masked before it is stored',
  responses: responsesOf('The settings, and what they did.', maskingShape),
});

const PUT = createRoute({
  method: 'put',
  path: '/masking',
  summary: 'Sets what the project has masked, from now on',
  request: {
    body: { required: true, content: { 'application/json': { schema: maskingSettingsShape } } },
  },
  responses: responsesOf('The settings as they now are.', maskingShape),
});

const PREVIEW = createRoute({
  method: 'post',
  path: '/masking/preview',
  summary: 'Tells what settings would mask in the newest messages, and stores nothing',
  request: {
    body: { required: true, content: { 'application/json': { schema: maskingTrialShape } } },
  },
  responses: responsesOf('What would be masked.', maskingPreviewShape),
});

/** `/masking`, `/masking/preview`. */
export function addMaskingRoutes(
  app: OpenAPIHono,
  { client, projectOf }: QueryContext,
  { settings, counts }: MaskingRoutes,
): void {
  const answer = async (projectId: string): Promise<MaskingAnswer> => ({
    settings: await readMaskingSettings(settings, projectId),
    masked: counts(projectId),
  });

  app.openapi(GET, async ({ req, json }) => json(await answer(projectOf(req.raw)), 200));

  app.openapi(PUT, async ({ req, json }) => {
    const projectId = projectOf(req.raw);
    await saveMaskingSettings(settings, projectId, req.valid('json'));
    return json(await answer(projectId), 200);
  });

  app.openapi(PREVIEW, async ({ req, json }) => {
    const projectId = projectOf(req.raw);
    const { settings: tried, messages: limit } = req.valid('json');
    const wanted = tried ?? (await readMaskingSettings(settings, projectId));
    checkPatterns(wanted);
    // A project that never masked has no secret yet; any other gives other pseudonyms, of the same look.
    const secret = (await readMaskingSecret(settings, projectId)) ?? randomUUID();
    const messages = await findRecentMessages(client, { projectId, limit });
    return json(await previewMasking(new TextMasker(wanted, secret), messages), 200);
  });
}
