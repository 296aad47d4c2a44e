// A path that no worker could make is refused where it is submitted, in words that say which and why.
import { describe, expect, it } from 'vitest';
import { acceptedInput } from './input-problems.js';
import { mechanic } from './mechanic.js';

const { input } = mechanic.tools.orchestrate_training_job;
const asked = (more: object) => () =>
  acceptedInput(input, { name: 'a', command: ['true'], ...more }, { tool: 'orchestrate_training_job' });
const file = (path: string) => ({ files: [{ path, text: '' }] });

describe('a submission', () => {
  it.each<[string, object, RegExp]>([
    ['a name that is too long', file('x'.repeat(300)), /files\.0\.path: must have no name longer than 255 bytes/],
    ['one that is by its bytes', file(`a/${'ü'.repeat(128)}/b`), /files\.0\.path: must have no name longer/],
    ['checkpoints with such a name', { checkpoints: 'x'.repeat(256) }, /checkpoints: must have no name longer/],
    ['a file in the lab’s own place', file('.tmp/a'), /files\.0\.path: must not lie in \.labmesh or \.tmp/],
    ['a file as the lab’s own place', file('.labmesh'), /files\.0\.path: must not lie in/],
    ['checkpoints there', { checkpoints: '.labmesh/a' }, /checkpoints: must not lie in/],
    ['a file as the folder of artefacts', file('artifacts'), /files\.0\.path: must not be artifacts itself/],
    [
      'a variable of the lab’s',
      { environment: { LR: '1', BASH_ENV: 'x' } },
      /environment: must not set BASH_ENV: PATH/,
    ],
    ['a variable that is none', { environment: { 'a-b': '1' } }, /environment\.a-b: a variable’s name has letters/],
    ['a command whose program is empty', { command: ['', 'a'] }, /command: must begin with the program/],
  ])('is refused for %s', (_, more, why) => {
    expect(asked(more)).toThrow(why);
  });

  it.each([
    ['a name of 255 bytes', file(`${'x'.repeat(255)}/${'ü'.repeat(127)}`)],
    ['a file among the artefacts', file('artifacts/a')],
    ['a name that begins like the lab’s own', file('.tmpl/.tmp')],
    ['checkpoints among the artefacts', { checkpoints: 'artifacts' }],
    ['empty arguments', { command: ['echo', ''] }],
  ])('takes %s', (_, more) => {
    expect(asked(more)).not.toThrow();
  });
});
