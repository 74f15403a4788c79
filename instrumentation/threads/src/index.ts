export { configure, type CaptureConfig } from './capture.js';
export { trackFeedback, type Feedback } from './feedback.js';
export { type Message, type Part } from './message.js';
export { withParent, type Linkable } from './parent.js';
export { type Linked } from './run-span.js';
export { type User } from './scope.js';
export {
  openThread,
  withThread,
  type Thread,
  type ThreadMessage,
  type ThreadOptions,
} from './thread.js';
export { ThreadSpanProcessor } from './thread-span-processor.js';
export { wrapAgent, wrapModel, wrapTool, type ModelOptions, type WrapOptions } from './wrap.js';
