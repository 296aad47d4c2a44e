// Reads one file after the other and answers its text. It knows forms of files, and nothing of collections or rights.
import { parentPort } from 'node:worker_threads';
import { fromCode, placesOfComments } from './code.mjs';
import { fromHtml } from './html.mjs';
import { fromNotebook } from './notebook.mjs';
import { fromOpenApi } from './openapi.mjs';
import { fromPdf } from './pdf.mjs';
import { Refused } from './refused.mjs';

const READERS = {
  ...{ html: fromHtml, pdf: fromPdf, notebook: fromNotebook, code: fromCode, openapi: fromOpenApi },
  comments: placesOfComments,
};

parentPort.on('message', async ({ id, kind, name, bytes }) => {
  try {
    const { text, title } = await READERS[kind](kind === 'pdf' ? bytes : textOf(bytes), name);
    parentPort.postMessage({ id, text, title });
  } catch (error) {
    const why =
      error instanceof Refused ? error.message : `it is no ${kind}: ${String(error?.message ?? error).slice(0, 200)}`;
    parentPort.postMessage({ id, refused: why });
  }
});

const textOf = (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
