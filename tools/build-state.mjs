// Whether the build is newer than every source. The build says when it ended by a stamp, since compilers leave outputs
// that did not change untouched. Nothing here builds: tools/build.mjs does.
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SOURCES = ['apps', 'libs', 'prisma/schema', 'tools'];
const SKIPPED = new Set(['node_modules', 'dist', 'generated', 'test', 'test-data']);
const STAMP = 'dist/built';
const OUTPUTS = ['dist/bundle/lab.js', 'dist/bundle/cli.js', 'apps/chat/dist/index.html'];

export function isBuilt(root) {
  const builtMs = statSync(join(root, STAMP), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const there = OUTPUTS.every((path) => existsSync(join(root, path)));
  return there && SOURCES.every((folder) => newest(join(root, folder)) <= builtMs);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (/\.(ts|tsx|mjs|css|svg|html|prisma)$/.test(entry.name) && !/\.spec\.tsx?$/.test(entry.name))
      latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}

export function markBuilt(root) {
  const stamp = join(root, STAMP);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${new Date().toISOString()}\n`);
}
