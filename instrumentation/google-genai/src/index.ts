export { GoogleGenAIInstrumentation } from './instrumentation.js';
export { wrapGoogleGenAI, type TiedGoogleGenAI } from './wrap-google-genai.js';
