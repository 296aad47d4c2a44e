// HTML as Markdown: headings, paragraphs, lists, tables and code of what a page says, without what is around it.
import { parse } from 'parse5';
import { tableOf } from './html-table.mjs';
import { MarkdownText, proseLine } from './markdown.mjs';
import { Refused } from './refused.mjs';

/** Deeper ones were not written by people. */
const DEPTH_MAX = 400;
const NODES_MAX = 500_000;

/** Nothing to read, or not what the page is about. */
const LEFT_OUT = new Set(
  'script style noscript template svg math iframe object embed canvas audio video form button select nav head dialog'.split(
    ' ',
  ),
);
const BLOCKS = new Set(
  'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer header hgroup html li main ol p section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);

const attribute = (node, name) => node.attrs?.find((each) => each.name === name)?.value;
const isHidden = (node) => attribute(node, 'hidden') !== undefined || attribute(node, 'aria-hidden') === 'true';

/** Every element once, to bound the work before anything else is done; those that are asked for are kept. */
function survey(document) {
  const found = { title: undefined, mains: [], articles: [], body: undefined };
  const stack = [[document, 0]];
  for (let nodes = 0; stack.length > 0; nodes += 1) {
    const [node, depth] = stack.pop();
    if (nodes > NODES_MAX) throw new Refused(`it has more than ${NODES_MAX} elements`);
    if (depth > DEPTH_MAX) throw new Refused(`its elements are nested more than ${DEPTH_MAX} deep`);
    if (node.tagName === 'title' && found.title === undefined) found.title = plain(node);
    if (node.tagName === 'main') found.mains.push(node);
    if (node.tagName === 'article') found.articles.push(node);
    if (node.tagName === 'body') found.body = node;
    for (const child of node.childNodes ?? []) stack.push([child, depth + 1]);
  }
  return found;
}

/** The text in a node as it is. */
function plain(node) {
  if (node.nodeName === '#text') return node.value;
  if (node.tagName === 'br') return '\n';
  if (LEFT_OUT.has(node.tagName) && node.tagName !== 'head') return '';
  return (node.childNodes ?? []).map(plain).join('');
}

class Page {
  #out = new MarkdownText();
  /** Of the paragraph that is being written. */
  #line = '';
  #prefix = '';

  write(root) {
    this.#children(root);
    this.#end();
    return this.#out.toString();
  }

  #children(node) {
    for (const child of node.childNodes ?? []) this.#node(child);
  }

  #end() {
    const line = proseLine(this.#line);
    if (line !== '') this.#out.block(`${this.#prefix}${line}`);
    this.#line = '';
    this.#prefix = '';
  }

  #node(node) {
    const tag = node.tagName;
    if (node.nodeName === '#text') this.#line += node.value;
    if (tag === undefined || LEFT_OUT.has(tag) || isHidden(node)) return;
    const level = /^h([1-6])$/.exec(tag)?.[1];
    if (level !== undefined) {
      this.#end();
      this.#out.heading(Number(level), plain(node));
    } else if (tag === 'pre') {
      this.#end();
      this.#out.code(plain(node), languageOf(node));
    } else if (tag === 'table') {
      this.#end();
      this.#table(node);
    } else if (tag === 'code' || tag === 'kbd' || tag === 'samp') {
      const code = plain(node).replace(/\s+/g, ' ').trim();
      this.#line += code === '' || code.includes('`') ? code : `\`${code}\``;
    } else if (tag === 'br') this.#line += ' ';
    else if (tag === 'img') this.#line += ` ${attribute(node, 'alt') ?? ''} `;
    else if (BLOCKS.has(tag)) {
      this.#end();
      if (tag === 'li') this.#prefix = '- ';
      this.#children(node);
      this.#end();
    } else this.#children(node);
  }

  #table(node) {
    for (const child of node.childNodes ?? []) if (child.tagName === 'caption') this.#node(child);
    this.#out.block(tableOf(rowsOf(node)));
  }
}

/** Those of the table itself: what is in a table within it is in a cell. */
function rowsOf(table) {
  const parts = (node, tags) =>
    (node.childNodes ?? []).filter((child) => tags.includes(child.tagName) && !isHidden(child));
  return parts(table, ['thead', 'tbody', 'tfoot']).flatMap((part) =>
    parts(part, ['tr']).map((row) => {
      const cells = parts(row, ['td', 'th']);
      return {
        isHead: part.tagName === 'thead' || (cells.length > 0 && cells.every(({ tagName }) => tagName === 'th')),
        cells: cells.map((cell) => ({
          text: plain(cell),
          columns: Number(attribute(cell, 'colspan') ?? 1),
          rows: Number(attribute(cell, 'rowspan') ?? 1),
        })),
      };
    }),
  );
}

function languageOf(pre) {
  const inner = [pre, ...(pre.childNodes ?? [])].map((node) => attribute(node, 'class') ?? '').join(' ');
  return /(?:^|\s)(?:language|lang|highlight-source)-([\w+#-]{1,20})/.exec(inner)?.[1] ?? '';
}

export function fromHtml(html) {
  const { title, mains, articles, body } = survey(parse(html));
  const root = mains.length === 1 ? mains[0] : articles.length === 1 ? articles[0] : body;
  const text = new Page().write(root);
  const named = title?.replace(/\s+/g, ' ').trim();
  const hasTitle = /^# /m.test(text);
  return { text: named && !hasTitle ? `# ${named.slice(0, 200)}\n\n${text}` : text, title: named?.slice(0, 200) };
}
