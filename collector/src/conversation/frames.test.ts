import { expect, test } from 'vitest';
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

test('words that mention a frame are themselves', () => {
  expect(said('What is my Current Task: tell me')).not.toEqual(said('tell me'));
});
