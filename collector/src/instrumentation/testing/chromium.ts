import { accessSync, constants } from 'node:fs';

const PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The Chromium of this machine. Without one, tests in a browser are left out and say so; where changes
 * are checked before they land (`CI`), they must not be.
 * @throws Error in CI, telling how to install it
 */
export function findChromium(): string | undefined {
  const found = PATHS.find(isExecutable);
  if (found !== undefined) return found;
  const reason = `There is no Chromium at ${PATHS.join(', ')}; apt-get install -y chromium`;
  if (process.env['CI']) throw new Error(reason);
  console.warn(`Tests in a browser are left out. ${reason}`);
  return undefined;
}
