import {
  newProjectShape,
  type ProjectAnswer,
  projectListShape,
  projectShape,
} from '@colloquy/schema';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { csrf } from 'hono/csrf';
import type { Project } from '../../access/access-key.js';
import type { AccessRoutes } from './keys.js';
import { changesOf, responsesOf } from './responses.js';

const LIST = createRoute({
  method: 'get',
  path: '/projects',
  summary: 'Lists projects; a key to one project sees that one',
  responses: responsesOf('The projects.', projectListShape),
});

const CREATE = createRoute({
  method: 'post',
  path: '/projects',
  summary: 'Makes a project; takes a key to all projects',
  request: {
    body: { required: true, content: { 'application/json': { schema: newProjectShape } } },
  },
  responses: {
    201: {
      description: 'The project.',
      content: { 'application/json': { schema: projectShape } },
    },
    ...changesOf(),
  },
});

const encodeProject = ({ projectId, name, createdAt }: Project): ProjectAnswer => ({
  project_id: projectId,
  name,
  created_at: createdAt === undefined ? null : new Date(createdAt).toISOString(),
});

/** `/projects`. */
export function addProjectRoutes(
  app: OpenAPIHono,
  { administration, principalOf }: AccessRoutes,
): void {
  app.use('/projects', csrf());

  app.openapi(LIST, async ({ req, json }) => {
    const projects = await administration.listProjects(principalOf(req.raw));
    return json({ projects: projects.map(encodeProject) }, 200);
  });

  app.openapi(CREATE, async ({ req, json }) => {
    const { project_id, name } = req.valid('json');
    const project = await administration.createProject(project_id, name ?? project_id);
    return json(encodeProject(project), 201);
  });
}
