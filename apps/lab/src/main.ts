// `npm start`. It loads little by itself: the database opens on its thread while this one reads the rest of the program.
import { beginEmbedded } from '@labmesh/db/begin-embedded';
import { databaseFolder } from '@labmesh/runtime/config';
import { readEnvironment } from './config.js';
import { readSettings } from './settings.js';

const started = performance.now();
const env = readEnvironment();
try {
  const config = readSettings(env);
  if (config.databaseUrl === undefined) await beginEmbedded(databaseFolder(config, 'lab'));
} catch {
  // Read again below, where what is wrong with them is told.
}
const { runLab } = await import('./run-lab.js');
await runLab(env, started);
