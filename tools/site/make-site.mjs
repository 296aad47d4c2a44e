// `npm run docs:site`: the documents as a site, in dist/site/pages; dead links fail it. `-- --serve` shows it on this machine afterwards.
import { fileURLToPath } from 'node:url';
import { build, serve } from 'vitepress';
import { checkSite } from './checking.mjs';
import { SITE } from './places.mjs';
import { stageDocuments } from './staging.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PORT = 4173;

try {
  await stageDocuments();
  await build(HERE);
  console.log(`${await checkSite()} pages in ${SITE}`);
  if (process.argv.includes('--serve')) await serve({ root: HERE, port: PORT });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
