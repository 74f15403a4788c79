/** Drops what is remembered of a project, by keys of the form `project/…`. */
export function forgetProject(
  memory: { keys(): Iterable<string>; delete(key: string): unknown },
  projectId: string,
): void {
  for (const key of memory.keys()) if (key.startsWith(`${projectId}/`)) memory.delete(key);
}
