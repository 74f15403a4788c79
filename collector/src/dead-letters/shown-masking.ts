import { ID_FIELDS } from '../id-fields.js';
import { Masking } from '../masking/masking.js';
import type { ProjectSettings } from '../store/project-settings.js';

/**
 * For what is shown as it arrived; nothing is counted then.
 * @param onError - told of what is not shown, without what an error says: it might quote what is masked
 */
export const shownMasking = (
  settings: ProjectSettings,
  onError: (error: unknown) => void,
): Masking =>
  new Masking({
    settings,
    idFields: ID_FIELDS,
    onMasked: () => undefined,
    onError: (error) => {
      const name = error instanceof Error ? error.name : 'Error';
      onError(new Error(`A dead letter could not be masked: ${name}.`));
    },
  });
