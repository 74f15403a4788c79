/** The error body of both OpenAI APIs. */
export const openaiError = (status: number): object => ({
  error: {
    message: 'The server had an error while processing your request.',
    type: status >= 500 ? 'server_error' : 'invalid_request_error',
    param: null,
    code: null,
  },
});
