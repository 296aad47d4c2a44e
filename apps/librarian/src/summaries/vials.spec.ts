// The vials, summarized: each says what it is for, where it begins and how it is run, and every statement stands where it says.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { summarize } from '@labmesh/projects/summary';
import { describe, expect, it } from 'vitest';

const VIALS = fileURLToPath(new URL('../../../architect/vials', import.meta.url));

/** As a project has them; what a template fills in is a word here. */
function filesOf(vial: string) {
  const root = join(VIALS, vial, 'files');
  const paths = readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const placed = paths.map((path) => ({
    path: path
      .slice(root.length + 1)
      .split('/')
      .map((part) => part.replace(/^dot-/, '.').replace(/\.mustache$/, ''))
      .join('/'),
    text: readFileSync(path, 'utf8').replace(/\{\{[^}]+\}\}/g, '5'),
  }));
  const readme = { path: 'README.md', text: readFileSync(join(VIALS, vial, 'README.md'), 'utf8') };
  return [...placed, readme].map(({ path, text }) => ({ path, bytes: Buffer.from(text), executable: false }));
}

const EXPECTED = {
  'astronomer-vial': {
    purpose: 'A telescope, the lab’s imagery, and light curves',
    entry_points: 'The command observatory is observatory.command:main.',
    run: '-m venv .venv',
    data_flow: 'src/observatory/lab.py talks to the network',
  },
  'data-scientist-vial': {
    purpose: 'Trains on a dataset of the lab, here and on the lab’s machines',
    entry_points: 'src/flares/train.py runs as a program.',
    run: 'jupyter lab notebooks/01-train-a-model.ipynb',
    data_flow: 'src/flares/jobs.py imports src/flares/train.py',
  },
  'gateway-vial': {
    purpose: 'An agent of its own beside the lab: its contract, its MCP endpoint, its routes into the lab',
    entry_points: 'npm start runs `node dist/src/main.js`.',
    run: '`npm ci`',
    data_flow: 'src/lab/curator.ts uses the lab’s tools curator_fetch_dataset',
  },
  'validator-vial': {
    purpose: 'alidat',
    entry_points: 'validator',
    run: '-m venv .venv',
    data_flow: 'src/validator/lab.py talks to the network',
  },
} as const;

describe.each(Object.entries(EXPECTED))('the %s', async (vial, expected) => {
  const files = filesOf(vial);
  const summary = await summarize({ name: vial, files, unread: [] });

  it('says what it is for, where it begins, how it is run and what it reaches', () => {
    for (const [section, words] of Object.entries(expected)) {
      const told = summary.statements.filter((one) => one.section === section).map(({ text }) => text);
      expect(told.join('\n').replaceAll("'", '’')).toContain(words.replaceAll("'", '’'));
    }
    expect(summary.diagram).toContain('-.-> lab');
  });

  it('cites spans that are there and hold what is said', () => {
    const texts = new Map(files.map(({ path, bytes }) => [path, bytes.toString('utf8').split('\n')]));
    for (const { subject, citations } of summary.statements) {
      expect(citations[0]?.text).toContain(subject);
      for (const { file, from, to, text } of citations)
        expect(
          texts
            .get(file)
            ?.slice(from - 1, to)
            .join('\n'),
        ).toContain(text);
    }
    expect(summary.statements.length).toBeGreaterThan(30);
  });
});
