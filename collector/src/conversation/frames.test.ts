import { expect, test } from 'vitest';
import { unframedInstructions } from './frames.js';
import { atomsOf } from './identity.js';

const said = (content: string) => atomsOf({ role: 'user', parts: [{ type: 'text', content }] });

test.each([
  ['\nCurrent Task: Where to?'],
  ['\nCurrent Task: Where to?\n\nProvide your complete response:'],
  [
    '\nCurrent Task: Where to?\n\nBegin! This is VERY important to you, use the tools available and give your best Final Answer, your job depends on it!\n\nThought:',
  ],
])('a question is the same in the frame of CrewAI: %j', (framed) => {
  expect(said(framed)).toEqual(said('Where to?'));
});

// Earlier versions of DSPy, not recorded.
test('a question of DSPy is the same without the reminder of its fields', () => {
  const question = '[[ ## question ## ]]\nWhere to?';
  const reminder =
    'Respond with the corresponding output fields, starting with the field `[[ ## answer ## ]]`, and then ending with the marker for `[[ ## completed ## ]]`.';
  expect(said(`${question}\n\n${reminder}`)).toEqual(said(question));
  expect(said(reminder)).not.toEqual(said(''));
});

test('words that mention a frame are themselves', () => {
  expect(said('What is my Current Task: tell me')).not.toEqual(said('tell me'));
});

test("the role and the backstory of CrewAI's agents stand in one wording for all", () => {
  const framed = 'You are Guide. Be brief. Be kind.\nYour personal goal is: help the user';
  expect(unframedInstructions(framed)).toEqual({ role: 'Guide', words: 'Be brief. Be kind.' });
});

test("the fields of DSPy's signatures are the role of their instructions", () => {
  const fields = 'Your input fields are:\n1. `question` (str):';
  const framed = `${fields}\nIn adhering to this structure, your objective is: \n        Be brief.`;
  expect(unframedInstructions(framed)).toEqual({ role: fields, words: 'Be brief.' });
});

test.each([
  'In adhering to this structure, your objective is: fun',
  'You are Colette. Be kind.',
  'You are Colette\nYour personal goal is: help. Be kind.',
  'You are Guide. \nYour personal goal is: help the user',
  'Judge. Be fair.\nYour personal goal is: judge',
])('other instructions are themselves: %j', (text) => {
  expect(unframedInstructions(text)).toEqual({ role: '', words: text });
});
