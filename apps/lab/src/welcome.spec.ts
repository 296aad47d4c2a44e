// What the greeting tells the command to be set to.
import { DEFAULT_HOME } from '@labmesh/runtime/config';
import { expect, it } from 'vitest';
import { settingsOfCommand } from './welcome.js';

const there = { publicUrl: 'http://127.0.0.1:3000', home: DEFAULT_HOME };

it('says nothing of settings to who needs none', () => {
  expect(settingsOfCommand(there)).toEqual([]);
});

it.skipIf(process.platform === 'win32')('says what the command must be told, as the shell takes it', () => {
  expect(settingsOfCommand({ ...there, publicUrl: 'http://127.0.0.1:4000' })).toEqual([
    'export LABMESH_URL=http://127.0.0.1:4000',
  ]);
  expect(settingsOfCommand({ publicUrl: 'https://lab.example', home: "/srv/the lab's" })).toEqual([
    'export LABMESH_URL=https://lab.example',
    "export LABMESH_HOME='/srv/the lab'\\''s'",
  ]);
});
