import type { ScenarioTool } from './scenario.js';

const oneText = (name: string): ScenarioTool['parameters'] => ({
  type: 'object',
  properties: { [name]: { type: 'string' } },
  required: [name],
});

export const WEATHER: ScenarioTool = {
  name: 'get_weather',
  description: 'The current weather in a city.',
  parameters: oneText('city'),
  result: { city: 'Zürich', celsius: 21, sky: 'clear' },
};

export const TIME: ScenarioTool = {
  name: 'get_time',
  description: 'The local time in a city.',
  parameters: oneText('city'),
  result: { city: 'Zürich', time: '14:05' },
};

export const BOOK: ScenarioTool = {
  name: 'book_seat',
  description: 'Books a seat on a train.',
  parameters: oneText('train'),
  error: 'The booking system is closed until 06:00.',
};

export const HISTORIAN: ScenarioTool = {
  name: 'ask_historian',
  description: 'Asks a historian.',
  parameters: oneText('question'),
  agent: { name: 'historian', system: 'You are a historian. Answer in one sentence.' },
};

export const TRANSFER: ScenarioTool = {
  name: 'transfer_to_booking',
  description: 'Hands the conversation to the booking desk.',
  parameters: oneText('reason'),
  result: 'The booking desk has taken over.',
  handOff: { name: 'booking', system: 'You are the booking desk. Be exact about times.' },
};
