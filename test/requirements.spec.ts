// Every requirement is shown by a story, and every story shows a requirement.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REQUIREMENTS } from './requirements.js';

const text = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('requirements'))
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .join('\n');

it('is cited by a story', () => {
  expect(Object.keys(REQUIREMENTS).filter((id) => !text.includes(`verifies('${id}'`))).toEqual([]);
});
