// A real thread with its dictionary.
import { tokenize } from '@labmesh/search';
import { afterAll, expect, it } from 'vitest';
import type { Counts } from './misspelt.js';
import { patientSpelling } from './spelling.testing.js';

const warned: unknown[] = [];
const spelling = patientSpelling((...told) => void warned.push(told));
afterAll(() => spelling.onModuleDestroy());

const HELD =
  'access token different rates interest plant pump layer better than database separate command oil telescope';
const held = new Set(tokenize(HELD));
const counts: Counts = (terms) => new Map([...terms].map((term) => [term, Number(held.has(term))]));

it.for([
  ['acess token', 'access token'],
  ['Diffrent rates?', 'Different rates?'],
  ['intrest', 'interest'],
  ['try agian', 'try again'],
  ['wich databse', 'which database'],
  ['seperate comands', 'separate commands'],
  ['the telesocpe', 'the telescope'],
])('reads %s as it was meant', async ([asked = '', meant]) => {
  expect(await spelling.read(asked, counts)).toBe(meant);
});

it.for([
  'Which planet is it?',
  'the laser',
  'butter in a cake',
  'thank you',
  'What does the plurgon cost?',
  'Is the zwick server up?',
  'access token',
  'wo ist das öl',
])('reads %s as it stands: what is spelt right, or near to nothing, may be missing', async (asked) => {
  expect(await spelling.read(asked, counts)).toBe(asked);
});

it('answers questions that come at once, each its own, and again after it was ended', async () => {
  const asked = ['acess', 'intrest', 'plurgon', 'databse'];
  const meant = ['access', 'interest', 'plurgon', 'database'];
  expect(await Promise.all(asked.map((one) => spelling.read(one, counts)))).toEqual(meant);
  await spelling.onModuleDestroy();
  // Ended before it has read its dictionary, while the next one begins.
  const waiting = spelling.read('acess', counts);
  const ended = spelling.onModuleDestroy();
  const next = spelling.read('acess', counts);
  await ended;
  expect(await Promise.all([waiting, next])).toEqual(['acess', 'access']);
  expect(warned).toEqual([]);
});
