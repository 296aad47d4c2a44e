// Files of every kind become texts with headings; what is strange, broken or meant to do harm is refused in words, within its time.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chunksOf } from '../../corpus/chunking.js';
import { Extraction } from './extraction.js';
import { kindOf, type SourceKind } from './kinds.js';
import { pdfOf } from './pdf.testing.js';

const extraction = new Extraction();
afterAll(() => extraction.onModuleDestroy());
const NEVER = new AbortController().signal;

const read = (path: string, content: string | Uint8Array, kind?: SourceKind) =>
  extraction.read({ path, bytes: typeof content === 'string' ? Buffer.from(content) : content, kind }, NEVER);
const textOf = async (path: string, content: string | Uint8Array, kind?: SourceKind) =>
  (await read(path, content, kind)).text;

describe('the text of', () => {
  it('Markdown and plain text is what was written, with ends of lines alike', async () => {
    expect(await read('a.md', '\ufeff# Pump\r\n\r\nTurn it on.\r\n')).toEqual({
      text: '# Pump\n\nTurn it on.\n',
      form: 'markdown',
    });
    expect(await read('notes', 'No # heading\n')).toEqual({ text: 'No # heading\n', form: 'text' });
  });

  it('HTML is what the page says, without what is around it', async () => {
    const page = `<!doctype html><title>Pump  manual</title><nav>Home</nav><main><h2>Start</h2>
      <p># no heading, <b>turn</b> the <code>valve</code>.<!-- no --><ul><li>One<li>Two</ul>
      <table><tr><th>Port<td>a|b</table><pre><code class="language-sh">ls\n\`\`\`</code></pre><script>evil()</script></main>`;
    expect(await read('pump.html', page)).toEqual({
      title: 'Pump manual',
      form: 'markdown',
      text: '# Pump manual\n\n## Start\n\n\\# no heading, turn the `valve`.\n\n- One\n\n- Two\n\n|  |  |\n| --- | --- |\n| Port | a\\|b |\n\n````sh\nls\n```\n````\n',
    });
  });

  it.each([
    [
      'its first row names the columns',
      '<caption>Seals<tr><th>part<th>life<tr><td>brineseal<td>400 h',
      'Seals\n\n| part | life |\n| --- | --- |\n| brineseal | 400 h |\n',
    ],
    ['it has no names', '<tr><td>brineseal<td>400 h', '|  |  |\n| --- | --- |\n| brineseal | 400 h |\n'],
    [
      'its head says so, in two rows, and cells are wide and high',
      '<thead><tr><td rowspan=2>part<td colspan=2>life<tr><td>wet<td>dry</thead><tr><th rowspan=2>seal<td>1 h<td>2 h<tr><td colspan=2>3 h<tfoot><tr><td>all',
      '| part | life wet | life dry |\n| --- | --- | --- |\n| seal | 1 h | 2 h |\n| seal | 3 h |  |\n| all |\n',
    ],
    ['all rows name', '<tr><th>a<th>b<tr><th>c', '|  |  |\n| --- | --- |\n| a | b |\n| c |\n'],
    [
      'cells have bars, breaks, tables and nothing',
      '<tr><th>a\\|b<th>c<tr><td>x<br>y<td><table><tr><td>in</table><tr><td> <td hidden>no<tr hidden><td>no',
      '| a\\\\\\|b | c |\n| --- | --- |\n| x y | in |\n',
    ],
    ['it says nothing', '<tr><td> <td>', ''],
  ])('a table of HTML is one of Markdown: %s', async (_, rows, table) => {
    expect(await textOf('a.html', `<p>Life:</p><table>${rows}</table>`)).toBe(`Life:\n${table && `\n${table}`}`);
  });

  it('a table of HTML can be quoted by its rows, and not by the names of its columns', async () => {
    const text = await textOf(
      'a.html',
      '<table><tr><th>part<th>life<tr><td>brineseal<td>400 h</table><table><tr><td>x<td>y</table>',
    );
    expect(chunksOf({ file: 'a.html', text }).flatMap(({ quotes }) => quotes.map((quote) => quote.text))).toEqual([
      'brineseal | 400 h',
      'x | y',
    ]);
  });

  it('a PDF has a section for each page, and headings where letters are larger', async () => {
    const pdf = pdfOf([
      [
        { size: 18, text: 'Vacuum pump' },
        { size: 10, text: 'The controller listens on port 7001.' },
      ],
      [{ size: 10, text: 'Replace the tip seal every year.' }],
    ]);
    expect(await textOf('manual.pdf', pdf)).toBe(
      '# manual.pdf\n\n## Page 1\n\n### Vacuum pump\n\nThe controller listens on port 7001.\n\n## Page 2\n\nReplace the tip seal every year.\n',
    );
  });

  it('a notebook is its words, its code, and what that answered', async () => {
    const notebook = {
      nbformat: 4,
      metadata: { kernelspec: { language: 'python' } },
      cells: [
        { cell_type: 'markdown', source: ['# Flares\n', 'Since 2016.'] },
        { cell_type: 'code', source: 'count()', outputs: [{ output_type: 'stream', text: ['98\n'] }] },
        {
          cell_type: 'code',
          source: 'fail()',
          outputs: [{ output_type: 'error', ename: 'E', evalue: 'no', traceback: ['\u001b[31mred\u001b[0m'] }],
        },
      ],
    };
    expect(await textOf('f.ipynb', JSON.stringify(notebook))).toBe(
      '# Flares\nSince 2016.\n\n```python\ncount()\n```\n\n```text\n98\n```\n\n```python\nfail()\n```\n\n```text\nE: no\nred\n```\n',
    );
  });

  it('TypeScript is its comments, under the symbols that they are about', async () => {
    const code = `// Starts pumps.\nimport x from 'x';\n\n/**\n * A pump.\n * It pumps.\n */\nexport class Pump {\n  /** Until it is warm. */\n  start(hz: number): void {\n    // Port 7001 is the controller's.\n    go(7001);\n  }\n}\n// eslint-disable-next-line\nexport const LIMIT = 5;\n`;
    expect(await textOf('src/pump.ts', code)).toBe(
      "# src/pump.ts\n\nStarts pumps.\n\n## Pump, line 8\n\n```ts\nclass Pump\n```\n\nA pump. It pumps.\n\n### Pump.start, line 10\n\n```ts\nstart(hz: number): void\n```\n\nUntil it is warm.\n\nPort 7001 is the controller's.\n",
    );
  });

  it('Python is its docstrings and comments', async () => {
    const code = `"""Pumps of the lab."""\n# What a pump is.\nclass Pump:\n    """A pump."""\n    def start(self, hz: int) -> None:\n        '''Starts it.'''\n        text = "no docstring"\n`;
    expect(await textOf('pump.py', code)).toBe(
      '# pump.py\n\nPumps of the lab.\n\n## Pump, line 3\n\n```python\nclass Pump\n```\n\nWhat a pump is.\n\nA pump.\n\n### Pump.start, line 5\n\n```python\ndef start(self, hz: int) -> None\n```\n\nStarts it.\n',
    );
  });

  it.each([
    ['a.js', '/** Says hello. */\nfunction hello() {}', 'Says hello.'],
    ['a.tsx', '/** A button. */\nexport const Button = () => <b/>;', 'Button, line 2'],
    ['a.go', '// Run runs.\nfunc Run() {}', 'Run, line 2'],
    ['a.rs', '/// Runs it.\nfn run() {}', 'Runs it.'],
    ['A.java', '/** Runs it. */\nclass A {}', 'Runs it.'],
  ])('%s too', async (path, code, part) => {
    expect(await textOf(path, code)).toContain(part);
  });

  it('an OpenAPI description is a section for each operation', async () => {
    const api = `openapi: 3.1.0
info: {title: Pumps}
paths:
  /pumps/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}, description: Its id}]
    get:
      operationId: getPump
      summary: Reads a pump
      responses:
        "200": {description: A pump, content: {application/json: {schema: {$ref: "#/components/schemas/Pump"}}}}
components: {schemas: {Pump: {properties: {hz: {type: number, description: Speed}}}}}
`;
    expect(await read('api.yaml', api)).toEqual({
      title: 'Pumps',
      form: 'markdown',
      text: '# Pumps\n\n## GET /pumps/{id}\n\nReads a pump\n\nOperation `getPump`.\n\nParameters:\n\n- `id (path, required)`: string. Its id\n\nAnswer 200 (application/json): A pump\n\n- `hz`: number. Speed\n',
    });
  });

  it('a log is its errors, each kind once, with an example', async () => {
    const log = [
      '2026-11-29T10:00:00Z INFO started',
      '2026-11-29T10:00:01Z ERROR pump 4 stalled at 40 Hz',
      '    at Pump.start (pump.ts:10:3)',
      '2026-11-29T10:00:02Z INFO fine',
      '2026-11-29T10:00:03Z ERROR pump 7 stalled at 42 Hz',
      'Traceback (most recent call last):',
      '  File "a.py", line 1, in <module>',
      'ValueError: no seal',
      '2026-11-29T10:00:04Z INFO fine',
      '2026-11-29T10:00:05Z ERROR pump 9 stalled at 45 Hz',
    ];
    const text = await textOf('pump.log', log.join('\n'));
    expect(text).toContain('2 times, the first in line 2, the last in line 10.');
    expect(text).toContain('ERROR pump 4 stalled at 40 Hz\n    at Pump.start (pump.ts:10:3)');
    expect(text).toContain('ValueError: no seal');
    expect(text).not.toContain('started');
  });
});

describe('refuses, and says why:', () => {
  const deep = (open: string, times: number) => open.repeat(times);
  it.each<[string, string, string | Uint8Array, string, SourceKind?]>([
    ['what is no UTF-8', 'a.md', Buffer.from([0x23, 0x20, 0xff, 0xfe]), 'it is no UTF-8'],
    ['a zero byte', 'a.txt', 'a\0b', 'it holds a zero byte'],
    ['nothing', 'a.md', ' \n', 'it holds no text'],
    ['a PDF that is none', 'a.pdf', '%PDF-1.7 and no more', 'it is no PDF that can be read'],
    ['a PDF without a word', 'a.pdf', pdfOf([[]]), 'it has no text'],
    ['a notebook that is none', 'a.ipynb', '{"nbformat":4}', 'it is no Jupyter notebook'],
    ['JSON that is none', 'a.ipynb', '{', 'it is no notebook'],
    ['JSON nested without end', 'a.ipynb', deep('[', 5_000_000), 'it'],
    ['HTML nested without end', 'a.html', deep('<div>', 100_000), 'nested more than 400 deep'],
    [
      'code nested without end',
      'a.py',
      `# No\nx = ${deep('(', 2_000)}1${deep(')', 2_000)}`,
      'nested more than 500 deep',
    ],
    ['a description that is none', 'a.yaml', 'a: 1', 'it is no OpenAPI description', 'openapi'],
    ['a bomb of aliases', 'a.yaml', bomb(), 'it is no openapi', 'openapi'],
    ['code without a comment', 'a.py', 'x = 1', 'it has no comment'],
    ['code of no known language', 'a.cob', 'MOVE 1', 'no grammar is known', 'code'],
    ['a log without an error', 'a.log', 'all is well', 'no line of this log tells of an error'],
    ['a text that is too long', 'a.md', 'word '.repeat(200_000), 'its text has more than 524288 bytes'],
    ['a page that is too long', 'a.html', `<p>${'word '.repeat(200_000)}`, 'characters: split it'],
  ])('%s', async (_, path, content, why, kind) => {
    await expect(read(path, content, kind)).rejects.toMatchObject({
      code: expect.stringMatching(/^(unsupported_format|too_large)$/),
      message: expect.stringContaining(why),
    });
  });

  it('what takes too long, and reads the next one', async () => {
    const hasty = new Extraction(1);
    await expect(hasty.read({ path: 'a.html', bytes: Buffer.from('<p>a') }, NEVER)).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('longer than'),
    });
    hasty.onModuleDestroy();
    expect(await textOf('a.html', '<p>a')).toBe('a\n');
  });

  it('a stream that unpacks to more than there is memory', async () => {
    const bombed = pdfOf([[{ size: 10, text: 'x' }]], 3 * 1024 * 1024 * 1024);
    await expect(read('bomb.pdf', bombed)).rejects.toMatchObject({
      message: expect.stringMatching(/takes too much memory/),
    });
    expect(await textOf('a.html', '<p>still here')).toBe('still here\n');
  }, 120_000);
});

describe('the kind of a file', () => {
  it.each([
    ['README.md', '', 'markdown'],
    ['x', '%PDF-1.4', 'pdf'],
    ['x', '<!DOCTYPE html><p>', 'html'],
    ['api.json', '{"openapi": "3.1.0"}', 'openapi'],
    ['api.yml', 'swagger: "2.0"\n', 'openapi'],
    ['settings.yml', 'a: 1', 'text'],
    ['server.log.1', '', 'log'],
    ['LICENSE', 'words', 'text'],
  ])('%s that begins with "%s" is %s', (path, head, kind) => {
    expect(kindOf(path, Buffer.from(head))).toBe(kind);
  });
});

it('comments of many files are told by their places', async () => {
  const signal = new AbortController().signal;
  const text =
    '// One.\n// Still one.\n\nexport class A {\n  /** Two. */\n  b(): void {}\n}\n// eslint-disable-next-line\n';
  const files = [
    { name: 'a.ts', text },
    { name: 'b.cob', text },
    { name: 'c.py', text: '"""Three."""' },
  ];
  const told = await extraction.comments(files, signal);
  expect(told[0]?.map(({ start, end, path }) => [text.slice(start, end), path])).toEqual([
    ['// One.\n// Still one.', []],
    ['/** Two. */', ['A', 'b']],
  ]);
  expect(told.slice(1)).toEqual([[], [{ start: 0, end: 12, path: [] }]]);
});

it('code of the lab itself is read', async () => {
  const file = join(import.meta.dirname, '../../../../../libs/runtime/src/recurring-work.ts');
  expect(await textOf('recurring-work.ts', await readFile(file))).toContain('## RecurringWork, line 4');
});

/** Ten aliases of ten aliases, nine times. */
function bomb(): string {
  const lines = ['openapi: 3.1.0', 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level += 1)
    lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
  return `${lines.join('\n')}\n`;
}
