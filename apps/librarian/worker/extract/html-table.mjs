// Rows of a table as Markdown: one block, in which a rule says that what is above it are the names of columns, and nothing else is.

/** A cell that says it is wider or higher is not. */
const SPAN_MAX = 20;
/** A longer text names nothing, and is said once. */
const NAME_CHARACTERS_MAX = 200;

const spanOf = (said) => (Number.isInteger(said) && said > 1 ? Math.min(said, SPAN_MAX) : 1);

/** A bar within a cell is none of the table's, nor is a backslash before it the bar's. */
const cellText = (text) =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/(?<!\\)(\\*)\|/g, '$1$1\\|');

/** Nothing for a table that says nothing. Without names of columns their row is there and empty: Markdown has no table without it. */
export function tableOf(rows) {
  const lines = grid(rows).filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (lines.length === 0) return '';
  const first = lines.findIndex(({ isHead }) => !isHead);
  const [head, body] = first === -1 ? [[], lines] : [lines.slice(0, first), lines.slice(first)];
  const width = lines.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const columns = Array.from({ length: width }, (_, at) => at);
  const named = columns.map((at) => [...new Set(head.map(({ cells }) => cells[at] ?? ''))].join(' ').trim());
  const all = [named, columns.map(() => '---'), ...body.map(({ cells }) => cells)];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Each cell in its column: one over several rows is said in each, so that a row says by itself what it is about. */
function grid(rows) {
  /** By column, what goes on from the rows above. */
  const going = new Map();
  return rows.map(({ isHead, cells }) => {
    const line = [];
    const above = () => {
      for (let one = going.get(line.length); one !== undefined; one = going.get(line.length)) {
        if (one.rows === 1) going.delete(line.length);
        else one.rows -= 1;
        line.push(one.text);
      }
    };
    for (const cell of cells) {
      above();
      const text = cellText(cell.text);
      const isName = text.length <= NAME_CHARACTERS_MAX;
      const more = spanOf(cell.rows) - 1;
      for (let column = spanOf(cell.columns); column > 0; column -= 1) {
        // Wider than one column, a name stands over all of them; what is said once is said once.
        const own = (isHead && isName) || column === spanOf(cell.columns) ? text : '';
        if (more > 0) going.set(line.length, { text: isName ? own : '', rows: more });
        line.push(own);
      }
    }
    above();
    return { isHead, cells: line };
  });
}
