import type { Json, JsonObject, Part } from '@colloquy/schema';
import { isArray, isObject } from './json.js';
import { readMedia } from './media.js';

/** Fields of a message that hold media beside its content (Agno, Ollama), and what they hold. */
const FIELDS: readonly (readonly [field: string, type: string])[] = [
  ['images', 'image'],
  ['audio', 'audio'],
  ['videos', 'video'],
  ['files', 'file'],
];

/** A piece is an object, or the bytes alone. */
const readPiece = (piece: Json, type: string): Part =>
  readMedia({ type, ...(isObject(piece) ? piece : { content: piece }) }) ?? {
    type: 'raw',
    content: piece,
  };

/** The media that a message has beside its content. */
export const readAttached = (message: JsonObject): readonly Part[] =>
  FIELDS.flatMap(([field, type]) => {
    const pieces = message[field];
    return isArray(pieces) ? pieces.map((piece) => readPiece(piece, type)) : [];
  });
