const PATH = /^\/model\/(.+)\/([\w-]+)$/;

/** The model and the operation of a Bedrock runtime path; both `''` of any other. */
export function readBedrockPath(path: string): { model: string; operation: string } {
  const [, model = '', operation = ''] = PATH.exec(path) ?? [];
  return { model: decodeURIComponent(model), operation };
}

/** Media type of the streams. */
export const AWS_EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  503: 'ServiceUnavailableException',
};

/** The error body of all Bedrock runtime operations. */
export function bedrockError(status: number): object {
  const type = status >= 500 ? 'InternalServerException' : 'ValidationException';
  return { __type: ERROR_TYPES[status] ?? type, message: 'The request has failed.' };
}
