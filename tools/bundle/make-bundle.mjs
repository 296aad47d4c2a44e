// Run by the build: makes of every app, and of the command, one file and what it shares with the others, in dist/bundle.
// Reading some 3,000 files is most of a start; reading these takes a third of the time. It takes what `tsc -b` made and
// changes nothing of what the code does: names stay as they are, and paths mean what they meant beside the source.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { BUNDLE, ROOT } from './load-app.mjs';

/** Loaded from node_modules: they bring a binary or a file of their own, or are Nest's options that LabMesh does without. */
const EXTERNAL = [
  /^(onnxruntime-node|@electric-sql\/pglite|@duckdb\/.*)$/,
  // Few labs have the engines that these speak with: a program is not the larger for them.
  /^(dockerode|@kubernetes\/client-node)$/,
  /^(@nestjs\/(websockets|platform-.*)|class-transformer|class-validator|pg-native)(\/|$)/,
  /^(amqplib|amqp-connection-manager|mqtt|kafkajs|@grpc\/.*)(\/|$)/,
];

/**
 * Modules instead of what the packages give Node: `jsonc-parser` asks there for its parts by a function of its own, which no bundler
 * follows; of RxJS, all 250 operators would be read, and run, for the few that Nest takes.
 */
const MODULES = {
  'jsonc-parser$': join(ROOT, 'node_modules/jsonc-parser/lib/esm/main.js'),
  rxjs$: join(ROOT, 'node_modules/rxjs/dist/esm/index.js'),
  'rxjs/operators$': join(ROOT, 'node_modules/rxjs/dist/esm/operators/index.js'),
};

/** Pure functions and tables that say nothing of it: who takes one function of theirs need not read the others. */
const PURE = /[/\\]node_modules[/\\](@hyperjump[/\\]json-schema-formats|idn-hostname)[/\\]/;

const oneOf = (folder, names) => (id) => names.some((name) => id === join(ROOT, folder, 'dist', `${name}.js`));

/**
 * Small modules that are read together anyway, with what they need: each file that is one more costs a command half a millisecond.
 * What fails; what every contract is made of; what every command is; what one needs that asks a lab.
 */
const TOGETHER = [
  { name: 'errors', test: oneOf('libs/contracts', ['errors', 'key-form']), priority: 4 },
  { name: 'command', test: oneOf('apps/cli', ['session', 'config', 'settings/settings']), priority: 3 },
  {
    name: 'contract',
    test: oneOf('libs/contracts', [
      'blob',
      'blob-links',
      'content',
      'names',
      'permissions',
      'text-fields',
      'tool',
      'values',
    ]),
    priority: 2,
  },
  { name: 'asking', test: oneOf('apps/cli', ['lab/lab', 'sign-in/signed-in']), priority: 1 },
];

const WASM = 'query-compiler.wasm';

const apps = readdirSync(join(ROOT, 'apps')).filter((app) => existsSync(join(ROOT, 'apps', app, 'dist/main.js')));

/** The lab's own modules keep their place (`import.meta`) and their map back to the source; packages need neither. */
const ownModules = {
  name: 'own-modules',
  load(id) {
    if (!id.startsWith(ROOT) || !/\.[cm]?js$/.test(id)) return null;
    const code = readFileSync(id, 'utf8');
    if (id.includes(`${sep}node_modules${sep}`)) return { code, map: { mappings: '' } };
    const map = existsSync(`${id}.map`) ? JSON.parse(readFileSync(`${id}.map`, 'utf8')) : null;
    return { code: inPlace(code, id), map };
  },
};

/**
 * Prisma's query compiler is WebAssembly in base64, in a module of 4.6 MB whose text would stay in memory: it becomes a file. Prisma
 * decodes it by `Buffer.from(wasm, 'base64')`, which takes the bytes of what has them as its value: so they are read when they are
 * wanted, and kept by nobody.
 */
const wasmAsFile = {
  name: 'wasm-as-file',
  load(id) {
    if (!id.endsWith('.wasm-base64.mjs')) return null;
    const [, base64] =
      /^const wasm = "([A-Za-z0-9+/=]+)";\s*export \{ wasm \};?\s*$/.exec(readFileSync(id, 'utf8')) ?? [];
    if (base64 === undefined) throw new Error(`${id} has another form than it had: see what Prisma makes of it now`);
    this.emitFile({ type: 'asset', fileName: WASM, source: Buffer.from(base64, 'base64') });
    const code = `import { readFileSync } from 'node:fs';
export const wasm = { valueOf: () => readFileSync(new URL('./${WASM}', import.meta.url)) };`;
    return { code, map: { mappings: '' } };
  },
};

/** Takes out of a module of a package a line that costs each start what LabMesh never needs. The build ends where it has it no more. */
const without = ({ name, file, line, instead, why }) => ({
  name,
  load(id) {
    if (!id.endsWith(join('node_modules', ...file))) return null;
    const parts = readFileSync(id, 'utf8').split(line);
    if (parts.length !== 2) throw new Error(`${id} has another form than it had: see ${why} now`);
    return { code: parts.join(instead), map: { mappings: '' } };
  },
});

/** `pg` asks whether it runs at Cloudflare by making a `Response`, for which Node would load its whole client for HTTP. It does not. */
const notAtCloudflare = without({
  name: 'not-at-cloudflare',
  file: ['pg', 'lib', 'stream.js'],
  line: 'if (isCloudflareRuntime())',
  instead: 'if (false)',
  why: 'how pg finds its streams',
});

/** Commander loads what starts processes for commands that are files of their own, of which LabMesh has none. */
const noCommandFiles = without({
  name: 'no-command-files',
  file: ['commander', 'lib', 'command.js'],
  line: "const childProcess = require('node:child_process');",
  instead: "const childProcess = { spawn: (...given) => require('node:child_process').spawn(...given) };",
  why: 'how Commander starts commands that are files',
});

/** On one line, so that the map stays right. */
function inPlace(code, id) {
  const from = (path) => JSON.stringify(relative(BUNDLE, path).split(sep).join('/'));
  return code
    .replaceAll('import.meta.url', `new URL(${from(id)}, import.meta.url).href`)
    .replaceAll('import.meta.dirname', `import.meta.dirname + ${JSON.stringify(sep)} + ${from(dirname(id))}`);
}

const escaped = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

rmSync(BUNDLE, { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    ...Object.fromEntries(apps.map((app) => [app, join(ROOT, 'apps', app, 'dist/main.js')])),
    // Programs of a thread and of a process: what they do is the lab’s own, and has all that it needs beside it.
    'project-rules': join(ROOT, 'libs/projects/dist/rules/look-through-thread.js'),
    'model-conversion': join(ROOT, 'libs/encoder/dist/conversion-process.js'),
  },
  cwd: ROOT,
  platform: 'node',
  external: EXTERNAL,
  resolve: { alias: MODULES },
  // A rule, not a function: what a package says of itself still counts for all others.
  treeshake: { moduleSideEffects: [{ test: PURE, sideEffects: false }] },
  plugins: [wasmAsFile, notAtCloudflare, noCommandFiles, ownModules],
});
await bundle.write({
  dir: BUNDLE,
  format: 'esm',
  // Nest finds what it injects by class, and logs name functions.
  keepNames: true,
  sourcemap: true,
  sourcemapExcludeSources: true,
  // A program's text stays in memory for as long as it runs.
  comments: false,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  codeSplitting: { groups: TOGETHER },
});
await bundle.close();

// V8 keeps a text with one letter beyond Latin-1 at two bytes a letter: so such letters are written as escapes.
for (const file of readdirSync(BUNDLE).filter((name) => name.endsWith('.js'))) {
  const text = readFileSync(join(BUNDLE, file), 'utf8');
  writeFileSync(join(BUNDLE, file), text.replace(/[^\0-\xff]/g, escaped));
}
