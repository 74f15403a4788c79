/** What a page tells of itself. */
export interface PageListener {
  /** It is hidden or left; it may be gone in a moment. */
  readonly onHide: () => void;
  /** It has a network again. */
  readonly onOnline: () => void;
}

/**
 * Listens to the page, where there is one. Phones end pages that are hidden without a word, hence both.
 * @returns what ends it
 */
export function watchPage({ onHide, onOnline }: PageListener): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const listeners = new AbortController();
  const { signal } = listeners;
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') onHide();
  };
  document.addEventListener('visibilitychange', onVisibility, { signal });
  globalThis.addEventListener('pagehide', onHide, { signal });
  globalThis.addEventListener('online', onOnline, { signal });
  return () => listeners.abort();
}
