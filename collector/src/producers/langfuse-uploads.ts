import { createHash } from 'node:crypto';
import type { Message, Part } from '@colloquy/schema';

const FILE_ID_LENGTH = 22;

/** Langfuse uploads bytes to its own store and names them by their digest. */
function uploaded(part: Part): Part {
  if (part.type !== 'blob') return part;
  const digest = createHash('sha256').update(Buffer.from(part.content, 'base64'));
  const { modality, mime_type } = part;
  const file_id = digest.digest('base64url').slice(0, FILE_ID_LENGTH);
  return { type: 'file', modality, ...(mime_type !== undefined && { mime_type }), file_id };
}

/** The message as Langfuse's SDKs tell it once they have uploaded what goes with it. */
export const withUploads = (message: Message): Message => ({
  ...message,
  parts: message.parts.map(uploaded),
});

/** Of what other instrumentations write, it takes the documents only. */
export const withUploadedDocuments = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part) =>
    part.type === 'blob' && part.modality === 'document' ? uploaded(part) : part,
  ),
});
