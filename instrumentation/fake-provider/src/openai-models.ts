import type { Model } from 'openai/resources/models';
import type { UnscriptedRoute } from './api-shape.js';

/** With a colon in it, the path is one of Gemini's operations. */
const PATH = /^\/v1\/models(?:\/([^:]+))?$/;
const LISTED = ['gpt-4o', 'gpt-4o-mini', 'o4-mini', 'text-embedding-3-small'];

/**
 * OpenAI's models: a short list, though every model that is asked for exists.
 * @see https://platform.openai.com/docs/api-reference/models
 */
export const openaiModels: UnscriptedRoute = {
  matches: (path) => PATH.test(path),
  answer(_body, path) {
    const id = PATH.exec(path)?.[1];
    if (id !== undefined) return describeModel(decodeURIComponent(id));
    return { object: 'list', data: LISTED.map(describeModel) };
  },
};

const describeModel = (id: string): Model => ({
  id,
  object: 'model',
  created: 1_700_000_000,
  owned_by: 'system',
});
