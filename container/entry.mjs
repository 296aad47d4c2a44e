// The image's entry point: which program runs, and settings that are secret, from files. It must never print a setting's value.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadApp } from '../tools/bundle/load-app.mjs';

/** What the image can be asked to run, and the app of that name in the build. */
const PROGRAMS = {
  lab: 'lab',
  gateway: 'gateway',
  sentinel: 'sentinel',
  chancellor: 'chancellor',
  curator: 'curator',
  architect: 'architect',
  mechanic: 'mechanic',
  librarian: 'librarian',
  worker: 'worker',
  labmesh: 'cli',
};
const PREPARE = 'prepare';

/** Files here whose names end in .env hold settings, a line each; the container's environment goes before them. */
const SECRETS = process.env.LABMESH_SECRETS ?? '/secrets';
const USAGE_EXIT = 2;

function fail(message) {
  process.stderr.write(`labmesh: ${message}\n`);
  process.exit(USAGE_EXIT);
}

function readSecretSettings(folder) {
  try {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.env')))
      process.loadEnvFile(join(folder, file));
  } catch (error) {
    if (error.code !== 'ENOENT')
      fail(
        `cannot read the settings in ${folder}: ${error.message}. User ${process.getuid?.()} must be able to read them.`,
      );
  }
}

const [name = 'lab', ...rest] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, ...rest);
if (name === PREPARE) await import('./prepare.mjs');
else if (Object.hasOwn(PROGRAMS, name)) {
  readSecretSettings(SECRETS);
  if (!(await loadApp(PROGRAMS[name]))) fail(`${name} is not built: run npm run build first.`);
} else fail(`there is no program "${name}". It is one of: ${[...Object.keys(PROGRAMS), PREPARE].join(', ')}.`);
