export type { Conversation, ConversationMessage, ToolCall } from './conversation.js';
export { listen } from './listen.js';
export { findReply } from './script.js';
export { pieces } from './api-shape.js';
export type {
  NextReply,
  Replies,
  Script,
  ScriptedReply,
  ScriptedToolCall,
  ScriptedTurn,
} from './script.js';
export { startFakeProvider } from './server.js';
export type { FakeProvider, FakeProviderOptions, ReceivedRequest } from './server.js';
export { runProgram, type Loading } from './run-program.js';
