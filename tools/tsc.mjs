// The compiler that builds, in native code: `node tools/tsc.mjs -b`, from any folder. `npx tsc` is the version before it, whose
// interface for programs eslint and editors need.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
await import(pathToFileURL(join(typescript, 'lib/tsc.js')).href);
