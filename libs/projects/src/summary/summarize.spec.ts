// What a project does, by projects whose every fact is known, and by what nobody would write.
import type { ProjectSummary } from '@labmesh/contracts';
import { ProjectSummary as Schema } from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProjectFile } from '../project-file.js';
import { RELAY, TIDES } from './samples.testing.js';
import { summarize } from './summarize.js';

const of = (files: readonly ProjectFile[], unread: readonly string[] = []): Promise<ProjectSummary> =>
  summarize({ name: 'sample', files, unread });

const said = (summary: ProjectSummary, section: string): string[] =>
  summary.statements
    .filter((one) => one.section === section)
    .map(({ text, citations: [first] }) => `${text} @ ${first?.file ?? ''}:${first?.from ?? 0}`);

/** Every cited span is there, and the first holds what the statement is about. */
function expectHeld(summary: ProjectSummary, files: readonly ProjectFile[]): void {
  const texts = new Map(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('utf8')]));
  for (const { subject, citations } of summary.statements) {
    expect(citations[0]?.text).toContain(subject);
    for (const { file, from, to, text } of citations) {
      const lines = texts.get(file)?.split('\n') ?? [];
      expect(to).toBeLessThanOrEqual(lines.length);
      expect(lines.slice(from - 1, to).join('\n')).toContain(text);
    }
  }
}

describe('a Python project', async () => {
  const summary = await of(TIDES);

  it('is told by its sections, each with its place', () => {
    expect(Schema.parse(summary)).toEqual(summary);
    expectHeld(summary, TIDES);
    expect(said(summary, 'purpose')).toEqual([
      'pyproject.toml says: “Predicts tides from gauges of a harbour” @ pyproject.toml:3',
      'README.md (Tides): “Reads gauges and predicts the next tide.” @ README.md:3',
      'src/tides/__init__.py begins: “Tides of one harbour.” @ src/tides/__init__.py:1',
    ]);
    expect(said(summary, 'entry_points')).toEqual([
      'The command tides is tides.command:main. @ pyproject.toml:9',
      'src/tides/command.py runs as a program. @ src/tides/command.py:20',
      'A container of Dockerfile runs `["tides"]`. @ Dockerfile:3',
      'The notebook notebooks/look.ipynb: “A look at tides” @ notebooks/look.ipynb:6',
    ]);
    expect(said(summary, 'modules')).toEqual([
      'src/tides/__init__.py: “Tides of one harbour.” @ src/tides/__init__.py:1',
      'src/tides/command.py: “The command: reads, predicts, prints.” It offers main. @ src/tides/command.py:1',
      'src/tides/gauges.py: It offers Gauge and read_gauges. @ src/tides/gauges.py:5',
      'src/tides/store.py: It offers keep. @ src/tides/store.py:5',
    ]);
    expect(said(summary, 'run')).toEqual([
      'It needs Python >=3.11. @ pyproject.toml:4',
      'make test: run the tests (Makefile) @ Makefile:1',
      'docker build -f Dockerfile . makes an image of python:3.11-slim. @ Dockerfile:1',
      'docker compose -f docker-compose.yml up db starts this service. @ docker-compose.yml:2',
      'docker compose -f docker-compose.yml up tides starts this service. @ docker-compose.yml:4',
      '`pip install -e .` (README.md, “Start”) @ README.md:8',
    ]);
    expect(said(summary, 'licences')).toEqual([
      'LICENSE is the MIT License. @ LICENSE:1',
      'pyproject.toml says: MIT. @ pyproject.toml:5',
    ]);
  });

  it('is told by its data flow', () => {
    expect(said(summary, 'data_flow')).toEqual([
      'notebooks/look.ipynb uses the lab’s tools curator_fetch_dataset. @ notebooks/look.ipynb:13',
      'src/tides/gauges.py talks to the network or serves it, by httpx. @ src/tides/gauges.py:2',
      'src/tides/store.py uses a database, by psycopg. @ src/tides/store.py:1',
      'src/tides/gauges.py reads or writes files, by open. @ src/tides/gauges.py:13',
      'src/tides/store.py starts other programs, by subprocess. @ src/tides/store.py:2',
      'notebooks/look.ipynb imports src/tides/gauges.py. @ notebooks/look.ipynb:12',
      'src/tides/command.py imports src/tides/store.py and src/tides/gauges.py. @ src/tides/command.py:6',
    ]);
    expect(summary.diagram).toContain('["src/tides/command.py"]');
  });

  it('is told by what can be set, and never by a value of .env', () => {
    expect(said(summary, 'configuration')).toEqual([
      'GAUGE_URL: read in src/tides/command.py, named in .env.example. @ src/tides/command.py:11',
      'PORT: read in src/tides/command.py, named in Dockerfile, otherwise "8080". @ src/tides/command.py:12',
      'GAUGE_TOKEN: named in .env.example. @ .env.example:3',
      'DATABASE_URL: named in docker-compose.yml. @ docker-compose.yml:7',
      'harbour.toml holds settings; src/tides/gauges.py names it. @ src/tides/gauges.py:13',
    ]);
    expect(JSON.stringify(summary)).not.toContain('never-read-this');
  });

  it('is told by its tests, and by what cannot be told', () => {
    expect(said(summary, 'tests')).toEqual([
      'pytest runs them. @ pyproject.toml:11',
      'tests/test_gauges.py has 2 tests, the first is test_a_gauge_has_a_signal. @ tests/test_gauges.py:4',
    ]);
    expect(summary.unknown).toEqual([
      'Which modules are loaded by a name that is made at src/tides/command.py:13.',
      'Which variables are read by a name that is made at src/tides/command.py:14.',
    ]);
  });
});

it('a TypeScript project is told the same way', async () => {
  const summary = await of(RELAY);
  expectHeld(summary, RELAY);
  expect(said(summary, 'entry_points')).toEqual([
    'The command relay is dist/main.js. @ package.json:6',
    'npm start runs `node dist/main.js`. @ package.json:7',
  ]);
  expect(said(summary, 'modules')).toEqual([
    'src/config.ts: It offers Config, limit and all. @ src/config.ts:1',
    'src/main.ts: “Starts the relay.” @ src/main.ts:2',
    'src/relay/index.ts: “Reads from the lab and writes to the queue.” It offers relay. @ src/relay/index.ts:1',
    'src/relay/shape.ts: It offers shape and Shape. @ src/relay/shape.ts:1',
  ]);
  expect(said(summary, 'data_flow')).toEqual([
    'src/relay/index.ts uses the lab’s tools curator_query_dataset. @ src/relay/index.ts:13',
    'src/relay/index.ts talks to the network or serves it, by amqplib and fetch. @ src/relay/index.ts:4',
    'src/relay/index.ts reads or writes files, by node:fs. @ src/relay/index.ts:5',
    'src/main.ts imports src/relay/index.ts and src/config.ts. @ src/main.ts:3',
    'src/relay/index.ts imports src/config.ts and src/relay/shape.ts. @ src/relay/index.ts:6',
  ]);
  expect(said(summary, 'configuration')).toEqual([
    'RELAY_LIMIT: read in src/config.ts, otherwise 10. @ src/config.ts:2',
    "QUEUE_URL: read in src/main.ts, otherwise 'amqp://localhost'. @ src/main.ts:6",
    'RELAY_NAME: read in src/main.ts. @ src/main.ts:6',
    'relay.json holds settings; src/relay/index.ts names it. @ src/relay/index.ts:10'.replace(
      'relay.json',
      'config/relay.json',
    ),
  ]);
  expect(said(summary, 'tests')).toEqual([
    'npm test runs `vitest run`. @ package.json:7',
    'test/relay.test.ts has 2 tests, the first is passes rows on. @ test/relay.test.ts:3',
  ]);
  expect(summary.modules.find(({ path }) => path === 'src/relay/index.ts')).toMatchObject({
    imports: ['src/config.ts', 'src/relay/shape.ts'],
    packages: ['amqplib'],
  });
  expect(summary.unknown).toEqual([
    'What code does in Go: these are known by their files alone.',
    'Which modules are loaded by a name that is made at src/relay/index.ts:11.',
    'Which variables are read by a name that is made at src/config.ts:3.',
  ]);
});

describe('a summary', () => {
  it('is the same for the same files, in whatever order they come', async () => {
    for (const files of [TIDES, RELAY]) {
      const summary = await of(files);
      expect(await of([...files].reverse())).toEqual(summary);
      expect(await of(files)).toEqual(summary);
    }
  });

  it('of nothing says that nothing can be told', async () => {
    const { statements, unknown, diagram } = await of([], ['model.bin']);
    expect({ statements, diagram }).toEqual({ statements: [], diagram: '' });
    expect(unknown).toHaveLength(6);
    expect(unknown[5]).toContain('model.bin');
  });

  it('keeps what files say from becoming markup', async () => {
    const files = [
      { path: 'a"]; click m0 "x.py', text: '"""<img src=x onerror=1> [a](http://b) ```end"""\nimport os\n' },
      { path: 'README.md', text: '# T\n\nSee <script>alert(1)</script> and ![x](http://y).\n' },
    ].map(({ path, text }) => ({ path, bytes: Buffer.from(text), executable: false }));
    const { markdown, diagram } = await of(files);
    expect(markdown).not.toMatch(/(?<!\\)<(script|img)/);
    expect(markdown).not.toMatch(/(?<!\\)!\[|(?<!\\)\]\(/);
    expect(diagram.split('\n')[1]).toBe('  m0["a___ click m0 _x.py"]');
  });

  it('ends within its time, and names what was left', async () => {
    const { unknown, modules } = await summarize({ name: 'late', files: TIDES, unread: [] }, { withinMs: -1 });
    expect(modules).toEqual([]);
    expect(unknown.join()).toContain('src/tides/command.py');
  });

  it('ends when nobody waits any more', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(summarize({ name: 'gone', files: TIDES, unread: [] }, { withinMs: 1_000, signal })).rejects.toThrow(
      'gone',
    );
  });

  it('holds for whatever stands in files', async () => {
    const path = fc.constantFrom(
      'a.py',
      'src/b/__init__.py',
      'c.ts',
      'd.tsx',
      'package.json',
      'pyproject.toml',
      'README.md',
      'Dockerfile',
      'docker-compose.yml',
      'Makefile',
      '.env.example',
      'n.ipynb',
      'LICENSE',
      'settings.json',
      'tests/test_a.py',
    );
    const piece = fc.constantFrom(
      'import a',
      'from . import b',
      '"""x"""',
      "export { a } from './b'",
      'os.environ["A_B"]',
      ['process', 'env', 'A_B'].join('.'),
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '`',
      '(',
      ')',
      ':',
      '\n',
      '\n\n',
      ' ',
      '#',
      '# T',
      '```sh',
      'npm test',
      'def f(',
      'class C',
      '"scripts": {',
      'ENV A=b',
      'CMD x',
      '__name__ == "__main__"',
      'if ',
      '=',
      ',',
      '\\',
      '\u2028',
      '😀',
      'fetch(',
      'open("x.json")',
      '{"cells":[{"cell_type":"code","source":["import a"]}]}',
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(path, text), { selector: ([name]) => name, maxLength: 5 }),
        async (given) => {
          const files = given.map(([name, content]) => ({
            path: name,
            bytes: Buffer.from(content),
            executable: false,
          }));
          const summary = await of(files);
          expect(Schema.parse(summary)).toEqual(summary);
          expectHeld(summary, files);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ['package.json', '['.repeat(60_000)],
    ['a.py', `x = ${'('.repeat(60_000)}`],
    ['a.ts', `${'a?.b('.repeat(20_000)}`],
    ['compose.yml', '- '.repeat(20_000)],
    ['spaces/Dockerfile', `CMD ${' '.repeat(200_000)}x\nENV ${' '.repeat(200_000)}x\n`],
    ['README.md', `\`\`\`sh\n${'../'.repeat(60_000)}x\n\`\`\`${' '.repeat(200_000)}x\n`],
    ['.env.example', `A=${' '.repeat(400_000)}x`],
    ['b.ts', ' '.repeat(400_000)],
    ['c.ts', `${['process', 'env'].join('.')}.A_B;`.repeat(25_000)],
    ['d.py', `${'os.environ["A_B"];open("x");'.repeat(8_000)}\nfrom ${'.'.repeat(100_000)} import x\n`],
    ['Makefile', `a${' '.repeat(200_000)}b\n${'a:'.repeat(100_000)}`],
    ['flow.yml', '['.repeat(40_000)],
    ['keys.yaml', '{a: '.repeat(30_000)],
    ['pyproject.toml', `a = ${'['.repeat(40_000)}`],
    ['README.md', `# ${'`'.repeat(50_000)}\n\n${'a'.repeat(200_000)}`],
    ['a.js', `${'/*'.repeat(50_000)}\n`],
    ['n.ipynb', `{"cells":${'['.repeat(40_000)}`],
  ])('of a hostile %s ends', async (path, text) => {
    const files = [{ path, bytes: Buffer.from(text), executable: false }];
    expectHeld(await of(files), files);
  });
});
