// YAML in a thread of its own: large documents take seconds and much memory, and nothing else should wait for them.
// Knows YAML and nothing of datasets; src/formats/yaml.ts is its other end.
import { parentPort } from 'node:worker_threads';
import { parseDocument, stringify } from 'yaml';

/** Times that all aliases together may repeat a node: enough for anchors by hand, too few for a bomb. */
const ALIASES_MAX = 50;

function read(text) {
  // Integers come as bigint, so that none is rounded unseen. A tag that is not known is only a warning to the library.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    intAsBigInt: true,
    stringKeys: true,
    merge: false,
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  return document.toJS({ maxAliasCount: ALIASES_MAX });
}

const write = (rows) => stringify(rows, { version: '1.2', schema: 'core', lineWidth: 0, aliasDuplicateObjects: false });

parentPort.on('message', (task) => {
  try {
    parentPort.postMessage({ answer: 'text' in task ? read(task.text) : write(task.rows) });
  } catch (error) {
    parentPort.postMessage({ refused: error instanceof Error ? error.message : 'it does not parse' });
  }
});
