// YAML in a thread of its own: large documents take seconds and much memory, and nothing else should wait for them.
// Knows YAML and nothing of datasets; src/formats/yaml.ts is its other end.
import { parentPort } from 'node:worker_threads';
import { LineCounter, parseDocument, stringify, visit } from 'yaml';

/** Times that all aliases together may repeat a node: enough for anchors by hand, too few for a bomb. */
const ALIASES_MAX = 50;

function read(text) {
  const lineCounter = new LineCounter();
  // Integers come as bigint, so that none is rounded unseen. A tag that is not known is only a warning to the library.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    intAsBigInt: true,
    stringKeys: true,
    merge: false,
    lineCounter,
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem?.code === 'MULTIPLE_DOCS') throw new Error('it holds several documents; send one');
  if (problem !== undefined) throw problem;
  return { answer: document.toJS({ maxAliasCount: ALIASES_MAX }), floats: longFloats(document, lineCounter) };
}

/** Numbers that are no integers, as they are written, where they are long enough to have been rounded. */
function longFloats(document, lineCounter) {
  const floats = [];
  visit(document, {
    Scalar(_, { value, source, range }) {
      if (typeof value !== 'number' || !Number.isFinite(value)) return;
      if (/[\d.]{16}|e/i.test(source)) floats.push({ source, line: lineCounter.linePos(range[0]).line });
    },
  });
  return floats;
}

const write = (rows) => stringify(rows, { version: '1.2', schema: 'core', lineWidth: 0, aliasDuplicateObjects: false });

parentPort.on('message', (task) => {
  try {
    parentPort.postMessage('text' in task ? read(task.text) : { answer: write(task.rows) });
  } catch (error) {
    parentPort.postMessage({ refused: error instanceof Error ? error.message : 'it does not parse' });
  }
});
