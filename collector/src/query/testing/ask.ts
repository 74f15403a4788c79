import type { ProblemAnswer } from '@colloquy/schema';
import { problemShape } from '@colloquy/schema';
import type { z } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { expect } from 'vitest';
import { loadThreads } from '../../thread-loader.js';
import { createQueryApp, type QueryAppOptions } from '../app.js';

/** Asks a query API as its users do. */
export interface Asker {
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
  /** An answer, checked against its shape: neither more nor less than documented. */
  readonly get: <T>(shape: z.ZodType<T>, path: string) => Promise<T>;
  readonly getProblem: (path: string, init?: RequestInit) => Promise<ProblemAnswer>;
}

/** Mounts a query app as the service does. */
export function createAsker(options: Omit<QueryAppOptions, 'loadThreads'>): Asker {
  const app = new Hono().route('/api/v1', createQueryApp({ loadThreads, ...options }));
  const request: Asker['request'] = async (path, init) => app.request(`/api/v1${path}`, init);
  return {
    request,
    get: async (shape, path) => {
      const response = await request(path);
      const body: unknown = await response.json();
      expect({ status: response.status, body }).toMatchObject({ status: 200 });
      const answer = shape.parse(body);
      expect(answer).toEqual(body);
      return answer;
    },
    getProblem: async (path, init) => {
      const response = await request(path, init);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      const problem = problemShape.parse(await response.json());
      expect(problem.status).toBe(response.status);
      return problem;
    },
  };
}
