// Where an app's program is and how it is loaded: the one place that knows. It must load next to nothing else, since every start
// waits for it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nameSources } from './source-traces.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BUNDLE = join(ROOT, 'dist/bundle');

/** How V8 is told, by its major version: Node 20's, 22's and 24's. One that is not here is left as it is. */
const ONE_COLLECTION = {
  11: '--memory-reducer-single-gc',
  12: '--memory-reducer-gc-count=1',
  13: '--memory-reducer-gc-count=1',
};

/**
 * When a process has been busy and rests, V8 gives memory back by full collections: two or three, half a second apart, of which all
 * but the first find next to nothing. V8 may be told only while none of them has begun: here, at the very start of a process, and
 * nowhere else.
 */
function giveMemoryBackOnce() {
  const flag = ONE_COLLECTION[process.versions.v8.split('.', 1)[0] ?? ''];
  if (flag !== undefined) process.getBuiltinModule('node:v8').setFlagsFromString(flag);
}

/** Makes this process the app. False when the build has not made that app. */
export async function loadApp(app) {
  const program = join(BUNDLE, `${app}.js`);
  if (!existsSync(program)) return false;
  if (app !== 'cli') giveMemoryBackOnce(); // a command ends before there is anything to give back
  nameSources(BUNDLE); // there are maps of the lab's own code only
  await import(pathToFileURL(program).href);
  return true;
}
