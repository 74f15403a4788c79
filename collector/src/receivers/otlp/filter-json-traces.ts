import type { Rejection, Span } from '@colloquy/schema';
import { parseBody, readObjects, refuseWhole } from './decode-json.js';
import { ItemRejection } from './items.js';
import { readList, readObject, readText } from './json-fields.js';
import { readSpan } from './json-items.js';
import { readResource, readScope } from './json-values.js';

/** What is left of a request, and what was taken out. */
export interface FilteredRequest {
  readonly body: Buffer;
  readonly refused: readonly Rejection[];
}

/**
 * Takes those spans out of a JSON request that are not to be taken. Pure. Malformed ones stay in, for the
 * decoder to tell of; a body out of which nothing was taken stays as it was sent.
 *
 * @param refusalOf - why a span is not taken; `undefined` where it is
 * @throws ColloquyError `INVALID_OTLP`
 */
export function filterJsonTraces(
  body: Buffer,
  refusalOf: (span: Span) => string | undefined,
): FilteredRequest {
  const refused: Rejection[] = [];
  const isKept = (read: () => Span): boolean => {
    try {
      const reason = refusalOf(read());
      if (reason !== undefined) refused.push({ reason });
      return reason === undefined;
    } catch (error) {
      if (error instanceof ItemRejection) return true;
      throw error;
    }
  };
  const resourceSpans = refuseWhole('traces', () =>
    readObjects(parseBody(body), 'resourceSpans').map((block) => {
      const schemaUrl = readText(block, 'schemaUrl');
      const resource = readResource(readObject(block, 'resource'), schemaUrl);
      const scopeSpans = readObjects(block, 'scopeSpans').map((scopeBlock) => {
        const scopeUrl = readText(scopeBlock, 'schemaUrl');
        const scope = readScope(readObject(scopeBlock, 'scope'), scopeUrl);
        const spans = readList(scopeBlock, 'spans').filter((item) =>
          isKept(() => readSpan(item, resource, scope)),
        );
        return { scope: readObject(scopeBlock, 'scope'), schemaUrl: scopeUrl, spans };
      });
      return { resource: readObject(block, 'resource'), schemaUrl, scopeSpans };
    }),
  );
  if (refused.length === 0) return { body, refused };
  return { body: Buffer.from(JSON.stringify({ resourceSpans })), refused };
}
