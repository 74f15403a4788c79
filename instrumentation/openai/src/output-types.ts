/** What the conventions call the forms of output that both APIs can be asked for. */
export const OUTPUT_TYPES: Readonly<Record<string, string>> = {
  text: 'text',
  json_object: 'json',
  json_schema: 'json',
};
