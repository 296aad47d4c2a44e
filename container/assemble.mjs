// Makes the folder that the image holds, from a built working tree: `gather OUT` takes the apps, the libraries they use and the
// packages these ask for, for the bill of materials; `trim OUT` then leaves what runs: the bundles, what they load, what they
// read, and the sources that the Librarian answers from. It must never take a package that only developers need.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Beside the workspaces: the scripts of the image, the migrations, and what the Librarian knows. */
const PLAIN = ['container', 'prisma/migrations', 'docs', 'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'LICENSE'];
/** Parts of a workspace that nothing needs at run time. */
const LEFT_OUT = /^(src|test|test-data|training|node_modules|tsconfig.*|vite\.config\.ts|index\.html)$/;
const LEFT_OUT_OUTPUTS = /\.(d\.ts|d\.ts\.map|tsbuildinfo)$|\.(spec|testing)\.js(\.map)?$/;
/** Packages that bundles and workers load from node_modules, each as the workspace that uses it finds it. */
const LOADED = [
  ['onnxruntime-node', 'libs/anomaly'],
  ['@electric-sql/pglite', 'libs/db'],
  ['@duckdb/node-api', 'apps/curator'],
  ['yaml', 'apps/curator'],
  ['@vscode/tree-sitter-wasm', 'apps/librarian'],
  ['dictionary-en', 'apps/librarian'],
  ['nspell', 'apps/librarian'],
  ['parse5', 'apps/librarian'],
  ['unpdf', 'apps/librarian'],
  ['yaml', 'apps/librarian'],
];
/** Outputs of the build that are read at run time beside the bundles: the page, and the empty database that a first start copies. */
const FILES = /^(apps\/chat\/dist\/|libs\/db\/dist\/template)/;

const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Where Node finds `name` for code in `folder`; undefined when it is not installed. */
function resolvePackage(name, folder) {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (at === dirname(at)) return undefined;
  }
}

/** Every folder that the packages in `folders` ask for, themselves among them: workspaces by their real place. */
function closureOf(folders) {
  const seen = new Set();
  const waiting = [...folders];
  while (waiting.length > 0) {
    const folder = realpathSync(waiting.pop());
    if (seen.has(folder)) continue;
    seen.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolvePackage(name, folder);
      if (found !== undefined) waiting.push(found);
      else if (!(name in optionalDependencies))
        throw new Error(`${relative(ROOT, folder)} asks for ${name}, which is not installed: run npm ci first`);
    }
  }
  return [...seen];
}

const apps = () => readdirSync(join(ROOT, 'apps')).map((name) => join(ROOT, 'apps', name));
const isPackage = (folder) => relative(ROOT, folder).includes('node_modules/');

function copyWorkspace(folder, out) {
  const place = relative(ROOT, folder);
  cpSync(folder, join(out, place), {
    recursive: true,
    filter: (source) => {
      const [first = ''] = relative(folder, source).split('/');
      return !LEFT_OUT.test(first) && !LEFT_OUT_OUTPUTS.test(source);
    },
  });
  return place;
}

/** A package without the ones nested in it: those are copied only where somebody asks for them. */
function copyPackage(folder, out) {
  const nested = join(folder, 'node_modules');
  cpSync(folder, join(out, relative(ROOT, folder)), { recursive: true, filter: (source) => source !== nested });
}

function gather(out) {
  const folders = closureOf(apps());
  mkdirSync(join(out, 'node_modules'), { recursive: true });
  for (const folder of folders.filter(isPackage)) copyPackage(folder, out);
  const workspaces = folders.filter((folder) => !isPackage(folder)).map((folder) => copyWorkspace(folder, out));
  for (const place of workspaces) link(manifestOf(join(out, place)).name, place, out);
  for (const place of PLAIN) cpSync(join(ROOT, place), join(out, place), { recursive: true });
  const { name, version, description, license, type, overrides } = manifestOf(ROOT);
  writeFileSync(
    join(out, 'package.json'),
    `${JSON.stringify({ name, version, private: true, description, license, type, workspaces: workspaces.sort(), overrides }, null, 2)}\n`,
  );
}

function link(name, place, out) {
  const at = join(out, 'node_modules', name);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(relative(dirname(at), join(out, place)), at);
}

/** What the image runs: the bundles, what they load from node_modules, and the files that they read. */
async function trim(out) {
  cpSync(join(ROOT, 'dist/bundle'), join(out, 'dist/bundle'), { recursive: true });
  for (const file of ['load-app.mjs', 'source-traces.mjs'])
    cpSync(join(ROOT, 'tools/bundle', file), join(out, 'tools/bundle', file));
  const loaded = closureOf(LOADED.map(([name, from]) => resolvePackage(name, join(ROOT, from))));
  for (const folder of closureOf(apps())) {
    const place = join(out, relative(ROOT, folder));
    if (isPackage(folder)) {
      if (!loaded.includes(folder)) rmSync(place, { recursive: true, force: true });
    } else if (existsSync(join(place, 'dist'))) {
      for (const file of readdirSync(join(place, 'dist')))
        if (!FILES.test(`${relative(ROOT, folder)}/dist/${file}`))
          rmSync(join(place, 'dist', file), { recursive: true });
    }
  }
  trimPlatforms(join(out, 'node_modules/onnxruntime-node/bin/napi-v6'));
  await copySources(out);
}

/** LabMesh's own code, of which the Librarian answers from the comments: what it would read here. Nothing of it is run. */
async function copySources(out) {
  const { sourceFilesUnder } = await import('../apps/librarian/dist/code/source-files.js');
  const { files, cut } = await sourceFilesUnder(ROOT);
  if (cut)
    throw new Error(
      'There is more code than the Librarian reads: raise its bounds, or take away what is not LabMesh’s.',
    );
  for (const file of files.keys()) cpSync(join(ROOT, file), join(out, file));
}

/** onnxruntime-node brings binaries for every platform: 288 MB, of which one folder is used. */
function trimPlatforms(binaries) {
  for (const platform of readdirSync(binaries))
    for (const arch of readdirSync(join(binaries, platform)))
      if (platform !== process.platform || arch !== process.arch)
        rmSync(join(binaries, platform, arch), { recursive: true });
}

const [step, out] = process.argv.slice(2);
const steps = { gather, trim };
if (!Object.hasOwn(steps, step) || out === undefined) throw new Error('usage: node assemble.mjs gather|trim OUT');
await steps[step](resolve(out));
