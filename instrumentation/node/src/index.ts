/** Sets up everything from the environment: `node --import @colloquy/node app.js`, or as the first import. */
import { start } from './start.js';

start();

export { VERSION } from './version.js';
