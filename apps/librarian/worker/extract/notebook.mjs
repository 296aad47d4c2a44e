// A Jupyter notebook as Markdown: its words, its code, and what the code answered in text.
import { MarkdownText } from './markdown.mjs';
import { Refused } from './refused.mjs';

const CELLS_MAX = 10_000;
/** Of what one cell answered: a table of a thousand rows says no more than its beginning. */
const OUTPUT_CHARACTERS_MAX = 2_000;

const joined = (text) =>
  Array.isArray(text) ? text.filter((part) => typeof part === 'string').join('') : typeof text === 'string' ? text : '';
/** What colours a terminal. */
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

export function fromNotebook(json, name) {
  const notebook = JSON.parse(json);
  if (!Array.isArray(notebook?.cells) || notebook.nbformat !== 4)
    throw new Refused('it is no Jupyter notebook of format 4: open it in Jupyter and save it again');
  if (notebook.cells.length > CELLS_MAX) throw new Refused(`it has more than ${CELLS_MAX} cells`);
  const language = notebook.metadata?.kernelspec?.language ?? notebook.metadata?.language_info?.name;
  const out = new MarkdownText();
  if (!notebook.cells.some((cell) => cell?.cell_type === 'markdown' && /^# /m.test(joined(cell.source))))
    out.heading(1, name);
  for (const cell of notebook.cells) writeCell(out, cell, typeof language === 'string' ? language.slice(0, 20) : '');
  return { text: out.toString() };
}

function writeCell(out, cell, language) {
  const source = joined(cell?.source);
  if (cell?.cell_type === 'markdown') out.block(source);
  if (cell?.cell_type === 'raw') out.code(source);
  if (cell?.cell_type !== 'code') return;
  out.code(source, /^[\w+#-]*$/.test(language) ? language : '');
  const answered = (Array.isArray(cell.outputs) ? cell.outputs : [])
    .map(outputText)
    .filter((text) => text.trim() !== '');
  if (answered.length > 0) out.code(answered.join('\n').slice(0, OUTPUT_CHARACTERS_MAX), 'text');
}

function outputText(output) {
  const text =
    output?.output_type === 'stream'
      ? joined(output.text)
      : output?.output_type === 'error'
        ? [`${output.ename}: ${output.evalue}`, joined((output.traceback ?? []).map((line) => `${line}\n`))].join('\n')
        : joined(output?.data?.['text/plain']);
  return text.replace(ANSI, '');
}
