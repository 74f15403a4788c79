/**
 * An address without what is drawn anew each time the same bytes are stored, for comparison: MLflow
 * stores them with each call, in its trace and under an id drawn for them.
 */
export function withoutDraw(uri: string): string {
  if (!uri.startsWith('mlflow-attachment:') || !uri.includes('?')) return uri;
  const query = new URLSearchParams(uri.slice(uri.indexOf('?')));
  query.delete('trace_id');
  return `mlflow-attachment:?${query.toString()}`;
}
