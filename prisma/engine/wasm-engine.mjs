// Loads Prisma's schema engine from its npm package, compiled to WebAssembly: no program to download, none to build.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

let loading;

/** The engine's module: `SchemaEngine` and `version`. Loaded once per process. */
export function loadEngine() {
  loading ??= load();
  return loading;
}

async function load() {
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const engine = await import(script);
  const bytes = readFileSync(script.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': engine });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return engine;
}
