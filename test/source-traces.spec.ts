// Traces through what the build made name the sources, and nothing is read for it before there is a trace to tell.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

const TRACES = new URL('../tools/bundle/source-traces.mjs', import.meta.url).href;
const SOURCE = `type Nothing = undefined;

export function fail(what: string): never {
  const nothing: Nothing = undefined;
  throw new RangeError(\`no \${what} \${String(nothing)}\`);
}
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'labmesh-traces-'));
  mkdirSync(join(folder, 'dist'));
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, sourceMap: true };
  const { outputText, sourceMapText } = ts.transpileModule(SOURCE, { fileName: '../src/own.ts', compilerOptions });
  // As in a bundle: what stands behind the mapped part is a package's.
  writeFileSync(
    join(folder, 'dist/own.js'),
    `${outputText}\nexport const theirs = () => { throw new Error('theirs'); };\n`,
  );
  const map = { ...(JSON.parse(sourceMapText ?? '') as object), sources: ['../src/own.ts'] };
  writeFileSync(join(folder, 'dist/own.js.map'), JSON.stringify(map));
  writeFileSync(join(folder, 'dist/bare.js'), `export const fail = () => { throw new Error('bare'); };\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a fresh Node prints that names sources in the folder `dist`. */
function printed(code: string): string {
  const program = `
    import { nameSources } from ${JSON.stringify(TRACES)};
    nameSources(${JSON.stringify(join(folder, 'dist'))});
    const from = (file) => import(${JSON.stringify(pathToFileURL(join(folder, 'dist/')).href)} + file);
    const traceOf = (run) => { try { run(); } catch (error) { return error.stack; } };
    ${code}`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

it('names the line and column of the source', () => {
  const [head, first] = printed(
    `const own = await from('own.js'); console.log(traceOf(() => own.fail('luck')));`,
  ).split('\n');
  expect(head).toBe('RangeError: no luck undefined');
  expect(first).toBe(`    at Module.fail (${join(folder, 'src/own.ts')}:5:9)`);
});

it('leaves places as they are that no map knows', () => {
  const out = printed(`
    for (const [file, name] of [['own.js', 'theirs'], ['bare.js', 'fail']])
      console.log(traceOf((await from(file))[name]).split('\\n')[1]);
    console.log(traceOf(() => JSON.parse('{')).split('\\n')[1]);`);
  const [theirs, bare, builtIn] = out.split('\n');
  expect(theirs).toMatch(/dist\/own\.js:\d+:\d+\)?$/);
  expect(bare).toMatch(/dist\/bare\.js:1:\d+\)?$/);
  expect(builtIn).toBe('    at JSON.parse (<anonymous>)');
});

it('tells what cannot be told as an error', () => {
  expect(
    printed(`
    class Mute extends Error { get name() { throw new Error('no name'); } }
    console.log(new Mute().stack.split('\\n')[0]);`),
  ).toBe('<error>\n');
});
