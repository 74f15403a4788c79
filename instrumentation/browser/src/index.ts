export * from '@colloquy/threads';
export { initColloquy, type BrowserConfig, type Colloquy } from './init-colloquy.js';
export { VERSION } from './version.js';
