import type { JsonObject, Part } from '@colloquy/schema';
import { dumpedBytes } from './bytes.js';
import { isObject, lookUp, stringAt } from './json.js';

const DATA_URI = /^data:([^;,]*)(?:;[^,]*)?;base64,/;

/** Where each API hides the object that describes the medium. */
const WRAPPERS = [
  'image_url',
  'image',
  'input_audio',
  'audio',
  'file',
  'source',
  'inline_data',
  'inlineData',
  'file_data',
  'fileData',
  'media',
  'document',
  'content',
] as const;

const ADDRESS_FIELDS = [
  'uri',
  'url',
  'image_url',
  'file_url',
  'fileUri',
  'file_uri',
  'image',
] as const;
const BYTES_FIELDS = [
  'content',
  'binary_content',
  'data',
  'file_data',
  'bytes',
  'image',
  'file',
  'base64',
  'base64_image',
  'base64_data',
] as const;

/** What Haystack writes in the place of bytes, and how it ends those that it cuts. */
const STAND_IN = /^Base64 string \(\d+ characters\)$|\.{3}$/;

/** Bedrock names the kind of a file by its ending. */
const DOCUMENT_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  html: 'text/html',
  txt: 'text/plain',
  md: 'text/markdown',
};

function typeOfFormat(modality: string, format: string | undefined): string | undefined {
  if (format === undefined) return undefined;
  return modality === 'document' ? lookUp(DOCUMENT_TYPES, format) : `${modality}/${format}`;
}

/** Base64 in its usual letters: Gemini's SDKs write it in those that are safe in addresses. */
const usualBase64 = (content: string): string =>
  /^[\w-]{32,}={0,2}$/.test(content) ? content.replaceAll('-', '+').replaceAll('_', '/') : content;

const isAddress = (value: string): boolean =>
  /^(?:https?|gs|s3|file|mlflow-attachment):\/\//i.test(value);

/** A MIME type knows best, as AI SDK 7 calls every attachment an image; an octet stream may be anything. */
function modalityOfMime(mimeType: string): string | undefined {
  if (!mimeType.includes('/') || mimeType === 'application/octet-stream') return undefined;
  return /^(?:image|video|audio)(?=\/)/.exec(mimeType)?.[0] ?? 'document';
}

const modalityOf = (part: JsonObject): string => {
  const words = `${stringAt(part, 'type') ?? ''} ${Object.keys(part).join(' ')}`;
  return stringAt(part, 'modality') ?? /image|video|audio/.exec(words)?.[0] ?? 'document';
};

/** MLflow names the type in the address of bytes that it stored. */
const typeInAddress = (uri: string): string | undefined =>
  uri.startsWith('mlflow-attachment:')
    ? (new URLSearchParams(uri.slice(uri.indexOf('?'))).get('content_type') ?? undefined)
    : undefined;

function uriPart(uri: string, modality: string, mime = typeInAddress(uri)): Part {
  return {
    type: 'uri',
    modality: modalityOfMime(mime ?? '') ?? modality,
    ...(mime !== undefined && { mime_type: mime }),
    uri,
  };
}

/** What Langfuse's SDKs put in place of bytes that they uploaded; the id tells them apart. */
const LANGFUSE_MEDIA = /^@@@langfuseMedia:type=([^|@]*)\|id=([^|@]+)\|[^@]*@@@$/;

function readLangfuseMedia(fields: JsonObject): Part | undefined {
  const references = Object.values(fields).flatMap((value) =>
    typeof value === 'string' ? [LANGFUSE_MEDIA.exec(value)] : [],
  );
  const [, mimeType, fileId] = references.find((reference) => reference !== null) ?? [];
  if (mimeType === undefined || fileId === undefined) return undefined;
  const modality = modalityOfMime(mimeType) ?? 'document';
  return { type: 'file', modality, mime_type: mimeType, file_id: fileId };
}

/** All fields of the piece and of the object inside it, inner ones first. */
function flatten(part: JsonObject): JsonObject {
  const inner = WRAPPERS.map((name) => part[name]).find(isObject);
  return inner === undefined ? part : { ...part, ...flatten(inner) };
}

const dumpAt = (fields: JsonObject): string | undefined =>
  BYTES_FIELDS.map((name) => dumpedBytes(fields[name])).find((bytes) => bytes !== undefined);

function blob(modality: string, mimeType: string | undefined, content: string): Part {
  return {
    type: 'blob',
    modality,
    ...(mimeType !== undefined && { mime_type: mimeType }),
    content: usualBase64(content),
  };
}

/** Reads an image, sound, video or document of any API; `undefined` when it holds neither bytes nor an address. */
export function readMedia(part: JsonObject): Part | undefined {
  const fields = flatten(part);
  const mime = stringAt(fields, 'mime_type', 'mimeType', 'media_type', 'mediaType', 'contentType');
  const modality = modalityOfMime(mime ?? '') ?? modalityOf(part);
  const mimeType: { mime_type?: string } = mime === undefined ? {} : { mime_type: mime };
  const uploaded = readLangfuseMedia(fields);
  if (uploaded !== undefined) return uploaded;
  const fileId = stringAt(fields, 'file_id', 'fileId');
  if (fileId !== undefined) return { type: 'file', modality, ...mimeType, file_id: fileId };
  const address = stringAt(fields, ...ADDRESS_FIELDS);
  const dataUri = [address, stringAt(fields, ...BYTES_FIELDS)].find((value) =>
    value?.startsWith('data:'),
  );
  if (dataUri !== undefined) {
    const head = DATA_URI.exec(dataUri);
    // Traceloop calls documents octet streams that say themselves what they are.
    if (head !== null) {
      const own = modalityOfMime(mime ?? '') ?? modalityOfMime(head[1] ?? '') ?? modality;
      return blob(own, head[1] || mime, dataUri.slice(head[0].length));
    }
  }
  if (address !== undefined && isAddress(address)) return uriPart(address, modality, mime);
  const bytes = dumpAt(fields) ?? stringAt(fields, ...BYTES_FIELDS);
  if (bytes === undefined || STAND_IN.test(bytes)) return undefined;
  if (isAddress(bytes)) return uriPart(bytes, modality, mime);
  return blob(modality, mime ?? typeOfFormat(modality, stringAt(fields, 'format')), bytes);
}
