// Whether the build output is there and newer than every source. Compares times only; never builds.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['apps', 'libs', 'prisma/schema'];
const SKIPPED = new Set(['node_modules', 'dist', 'generated']);
/** Written last by the build. */
const OUTPUTS = ['apps/lab/dist/main.js', 'apps/cli/dist/main.js', 'apps/chat/dist/index.html'];

export function isBuilt(root) {
  const built = OUTPUTS.map((path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const oldest = Math.min(...built);
  return oldest > 0 && SOURCES.every((folder) => newest(join(root, folder)) <= oldest);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (/\.(ts|tsx|css|svg|html|prisma)$/.test(entry.name) && !/\.spec\.tsx?$/.test(entry.name))
      latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}
