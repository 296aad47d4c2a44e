// Where an app's program is and how it is loaded: the one place that knows. It must load nothing else, since every start waits for it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BUNDLE = join(ROOT, 'dist/bundle');

/** Makes this process the app. False when the build has not made that app. */
export async function loadApp(app) {
  const program = join(BUNDLE, `${app}.js`);
  if (!existsSync(program)) return false;
  // Stack traces name the sources. There are maps of the lab's own code only, decoded when the first trace is asked for.
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(program).href);
  return true;
}
