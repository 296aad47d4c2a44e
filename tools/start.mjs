// `npm start`, with `-- --demo` on recorded data: checks Node, builds what is missing or older than its sources, and runs the lab in this very process.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isBuilt } from './build-state.mjs';
import { loadApp } from './bundle/load-app.mjs';
import { endWithNpm } from './end-with-npm.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `labmesh: Node ${process.versions.node} is too old: LabMesh needs 20.19 or newer. Install one, then run npm ci && npm start again.\n`,
  );
  process.exit(2);
}

const demo = process.argv.includes('--demo');
if (demo) {
  // Recorded data never mix with a lab's own: this lab has a folder of its own.
  process.env.LABMESH_RECORDED = '1';
  process.env.LABMESH_HOME ??= '.labmesh-demo';
}

endWithNpm();
if (!isBuilt(ROOT)) {
  process.stderr.write('labmesh: building (once, until the sources change)…\n');
  const build = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (build.status !== 0) {
    process.stderr.write('labmesh: the build failed; the lines above say where. On a fresh clone run npm ci first.\n');
    process.exit(70);
  }
}

await loadApp('lab');
