import { randomBytes } from 'node:crypto';
import { maskingSettingsShape, type Json, type MaskingSettings } from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import type { ProjectSettings } from '../store/project-settings.js';
import { findFault } from './patterns.js';
import { MASKING, MASKING_SECRET } from './setting-names.js';

const SECRET_BYTES = 32;

/** @throws ColloquyError `INVALID_PARAMETER` that tells what is wrong with each pattern */
export function checkPatterns({ patterns }: MaskingSettings): void {
  const faults = patterns.flatMap(({ name, pattern }) => {
    const fault = findFault(pattern);
    return fault === undefined ? [] : [`pattern ${name}: ${fault}`];
  });
  if (faults.length > 0) throw new ColloquyError('INVALID_PARAMETER', faults.join(' '));
}

/** What a project wants masked; nothing where it never said so. */
export async function readMaskingSettings(
  settings: ProjectSettings,
  projectId: string,
): Promise<MaskingSettings> {
  return maskingSettingsShape.parse((await settings.get(projectId, MASKING)) ?? {});
}

/** What a project's pseudonyms are made with; `undefined` where it never had any. */
export async function readMaskingSecret(
  settings: ProjectSettings,
  projectId: string,
): Promise<string | undefined> {
  const secret = await settings.get(projectId, MASKING_SECRET);
  return typeof secret === 'string' ? secret : undefined;
}

/**
 * Sets what a project wants masked, and resolves when that holds in all processes. The secret is there before the first text is masked, so
 * that no two processes ever use two.
 *
 * @throws ColloquyError `INVALID_PARAMETER` when a pattern cannot be taken
 */
export async function saveMaskingSettings(
  settings: ProjectSettings,
  projectId: string,
  wanted: MaskingSettings,
): Promise<void> {
  checkPatterns(wanted);
  await settings.setOnce(
    projectId,
    MASKING_SECRET,
    randomBytes(SECRET_BYTES).toString('base64url'),
  );
  const isNothing = wanted.detectors.length + wanted.patterns.length === 0;
  await settings.set(projectId, MASKING, isNothing ? null : (wanted satisfies Json));
  await settings.spread();
}
