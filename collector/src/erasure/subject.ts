import { digest } from '../digest.js';

/** What one can ask to be erased. */
export interface NamedSubject {
  readonly kind: 'thread' | 'user' | 'project';
  readonly id: string;
}

/** What is erased. */
export type Subject =
  | NamedSubject
  /** Traces of which parts were stored before it showed that they had been erased. */
  | {
      readonly kind: 'late';
      readonly traceIds: readonly string[];
      /** The one whose part it is; all of it where this is left out. */
      readonly userId?: string | undefined;
      /** When that was, in milliseconds since 1970. */
      readonly startedBefore: number;
    }
  /** Threads that nothing has been heard of since then, in milliseconds since 1970. */
  | { readonly kind: 'expired'; readonly before: number };

/** What a late arrival can be recognised by. */
export type MarkKind = 'project' | 'thread' | 'user' | 'trace' | 'message';

/** Stands for an id, so that the id itself need not be kept. */
export const markOf = (projectId: string, kind: MarkKind, id: string): string =>
  digest(JSON.stringify([projectId, kind, id]));

/** In place of a mark, where there is none. */
export const NO_MARK = '00000000-0000-0000-0000-000000000000';

export const subjectMark = (projectId: string, subject: Subject): string =>
  'id' in subject ? markOf(projectId, subject.kind, subject.id) : NO_MARK;

const CONFIRM_MS = 15 * 60_000;

const signed = (projectId: string, subject: Subject, issuedAt: number): string =>
  `${issuedAt.toString(36)}-${digest(JSON.stringify([projectId, subject, issuedAt]))}`;

/** Shows that what is to be erased has been counted: no secret, only a second look. */
export const issueConfirm = (projectId: string, subject: Subject, now: number): string =>
  signed(projectId, subject, now);

export function isConfirmed(
  projectId: string,
  subject: Subject,
  confirm: string,
  now: number,
): boolean {
  const issuedAt = Number.parseInt(confirm.split('-')[0] ?? '', 36);
  const isFresh = issuedAt <= now && now - issuedAt < CONFIRM_MS;
  return isFresh && confirm === signed(projectId, subject, issuedAt);
}
