// `npm run build`: makes what runs from the sources, each part once and in the order in which they need each other. What was made of
// the same sources is left as it is: the compiler knows that by itself, for the others a stamp holds the hash of what they were made of.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markBuilt } from './build-state.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SKIPPED = new Set(['node_modules', 'dist', 'generated']);
const LOCK = 'package-lock.json';

const inPackage = (workspace, name, path) =>
  join(dirname(createRequire(join(ROOT, workspace, 'package.json')).resolve(`${name}/package.json`)), path);
const TSC = join(ROOT, 'tools/tsc.mjs');

await unlessMade('libs/db/src/generated/prisma', ['prisma/schema', 'prisma/engine', 'prisma.config.ts', LOCK], () =>
  run('libs/db', inPackage('libs/db', 'prisma', 'build/index.js'), 'generate', '--config', '../../prisma.config.ts'),
);
await run('.', TSC, '-b');
await Promise.all([
  run('apps/chat', TSC, '-p', '.'),
  unlessMade('apps/chat/dist', ['apps/chat', 'libs/contracts/src', LOCK], () =>
    run('apps/chat', inPackage('apps/chat', 'vite', 'bin/vite.js'), 'build'),
  ),
  run('libs/db', 'worker/make-template.mjs'),
  run('tools', 'bundle/make-bundle.mjs'),
]);
markBuilt(ROOT);

/** Makes `output`, a folder, unless it is there and was made of the same `inputs`, which are files and folders. */
async function unlessMade(output, inputs, make) {
  const stamp = join(ROOT, 'dist/made-of', output.replaceAll('/', '-'));
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesOf)) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  const madeOf = hash.digest('hex');
  if (existsSync(join(ROOT, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === madeOf) return;
  rmSync(stamp, { force: true });
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, madeOf);
}

function filesOf(path) {
  if (statSync(join(ROOT, path)).isFile()) return [path];
  const names = readdirSync(join(ROOT, path)).filter((name) => !SKIPPED.has(name));
  return names.flatMap((name) => filesOf(`${path}/${name}`));
}

/** One of Node's programs in a folder. One that fails ends the build with its exit code. */
async function run(folder, program, ...args) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: join(ROOT, folder),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = await once(child, 'exit');
  if (code === 0) return;
  process.stderr.write(`The build failed in ${folder}: ${program} ${args.join(' ')} ended with ${signal ?? code}\n`);
  process.exit(code ?? 1);
}
