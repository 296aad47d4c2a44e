// The templates that are installed, held against the contracts: what their READMEs tell people to type must work.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENTS, architect, GRANTABLE_ROLES, gatewayName, publicTools } from '@labmesh/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTemplates } from './reading.js';
import { Shelf } from './shelf.js';
import type { Template } from './template.js';

const INSTALLED = fileURLToPath(new URL('../../vials', import.meta.url));
const TOOLS = new Map(publicTools(AGENTS).map(({ agent, tool, spec }) => [gatewayName(agent, tool), spec]));
const COMMANDS = [
  ...['ask', 'call', 'connect', 'doctor', 'login', 'open', 'project', 'role', 'status', 'template', 'token', 'tools'],
  ...['dataset', 'job', 'source', 'stake', 'reward', 'wallet'],
];

const vials = await readTemplates(INSTALLED);

/** The `labmesh` commands of a README, lines that a backslash joins put together. */
function commandsOf(markdown: string): string[] {
  const joined = markdown.replace(/\\\n\s*/g, '');
  return [...joined.matchAll(/npx @labmesh\/cli ([^`\n]+)/g)].map(([, command = '']) => command);
}

describe('the installed vials', () => {
  it('are the four', () => {
    expect(vials.map(({ name }) => name)).toEqual([
      'astronomer-vial',
      'data-scientist-vial',
      'gateway-vial',
      'validator-vial',
    ]);
  });

  it.each(vials)('$name: a README of 60 lines or more under its title', ({ readme }) => {
    expect(readme.split('\n').length).toBeGreaterThanOrEqual(60);
    expect(readme.split('\n').length).toBeLessThanOrEqual(400);
  });

  it.each(vials)('$name: names only tools that exist, and calls only those of its card', ({ readme, form }) => {
    const agents = AGENTS.map(({ name }) => name).join('|');
    const named = [...readme.matchAll(new RegExp(`\\b(?:${agents})_[a-z_]+`, 'g'))].map(([tool]) => tool);
    for (const tool of named) expect([...TOOLS.keys()]).toContain(tool);
    const used = commandsOf(readme).map((command) => /^call (\w+)/.exec(command)?.[1]);
    for (const tool of used) if (tool !== undefined) expect(form.tools).toContain(tool);
    if (readme.includes('npx @labmesh/cli ask')) expect(form.tools).toContain('librarian_query_knowledge_base');
  });

  it.each(vials)('$name: its commands exist, and their arguments too', ({ readme }) => {
    const commands = commandsOf(readme);
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      const [verb = '', tool = ''] = command.split(' ');
      expect(COMMANDS).toContain(verb);
      if (verb !== 'call') continue;
      const input = TOOLS.get(tool)?.input.shape ?? {};
      for (const [, key = ''] of command.matchAll(/--arg (\w+)=/g)) expect(Object.keys(input), command).toContain(key);
    }
  });

  it.each(vials)('$name: roles that its commands give can be given', ({ readme }) => {
    for (const [, role = ''] of readme.matchAll(/--role (\w+)/g)) expect(GRANTABLE_ROLES).toContain(role);
  });
});

describe('the shelf', () => {
  const nothing = { list: async () => [], versions: async () => [], read: () => Promise.reject(new Error('none')) };
  const shelfOf = (templates: readonly Template[]) =>
    new Shelf(async () => templates.map((template) => ({ template, source: { kind: 'shipped' } })), nothing);
  const shelf = shelfOf(vials);

  it('lists and gives what the contract says', async () => {
    const listed = { templates: await shelf.list({}) };
    expect(architect.tools.list_available_templates.output.parse(listed)).toEqual(listed);
    for (const { name, title, version } of listed.templates) {
      const readme = await shelf.readme(name);
      expect(architect.tools.get_template_readme.output.parse(readme)).toEqual(readme);
      expect(readme).toMatchObject({ title, version });
    }
  });

  it('finds by words', async () => {
    expect((await shelf.list({ query: 'ASTRONOMER vial' })).map(({ name }) => name)).toEqual(['astronomer-vial']);
    expect(await shelf.list({ query: 'no such thing anywhere' })).toEqual([]);
  });

  it.each(['unknown', 'constructor'])('names what there is when asked for %s', async (name) => {
    await expect(shelf.readme(name)).rejects.toThrow(
      `There is no template "${name}". There are: astronomer-vial, data-scientist-vial, gateway-vial, validator-vial.`,
    );
  });

  it('has no two of one name', async () => {
    const twice = vials.flatMap((template) => [template, template]);
    await expect(shelfOf(twice).installed()).rejects.toThrow('two templates');
  });

  it('reads once, and anew after a folder could not be read', async () => {
    let reads = 0;
    const full = new Shelf(async () => {
      reads += 1;
      if (reads === 1) throw new Error('too many open files');
      return [];
    }, nothing);
    await expect(full.names()).rejects.toThrow('too many');
    expect(await full.names()).toEqual([]);
    expect(await full.isInstalled('starter')).toBe(false);
    expect(reads).toBe(2);
  });
});

describe('a template that is not right is named', () => {
  const form = {
    version: '1.0.0',
    title: 'A title',
    summary: 'A summary of it.',
    audience: 'People',
    tools: ['curator_fetch_dataset'],
    inputs: { type: 'object', properties: { site: { type: 'string', default: 'x' }, more: { type: 'string' } } },
    next: ['look'],
  };
  const secretForm = {
    ...form,
    inputs: { type: 'object', properties: { key: { type: 'string', writeOnly: true, 'x-env': 'NASA_API_KEY' } } },
  };
  const asked = (property: object) =>
    JSON.stringify({ ...form, inputs: { type: 'object', properties: { site: property } } });
  let folder: string;

  const put = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labmesh-vials-'));
    await put('fine/template.json', JSON.stringify(form));
    await put('fine/README.md', '# A title\n');
    await put(
      'fine/files/src/dot-hidden/a.txt.mustache',
      '{{project.name}} {{inputs.site}}{{#inputs.more}} {{inputs.more}}{{/inputs.more}}',
    );
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is read when all is right', async () => {
    const [template] = await readTemplates(folder);
    expect(template).toMatchObject({ name: 'fine', readme: '# A title\n', form: { version: '1.0.0' } });
    expect(template?.files.map(({ path }) => path)).toEqual(['README.md', 'src/.hidden/a.txt']);
  });

  it.each([
    ['no form', 'odd/README.md', '# Odd', 'odd: template.json: it is missing'],
    ['no JSON', 'fine/template.json', '{', 'template.json: it is not valid JSON'],
    [
      'an unknown tool',
      'fine/template.json',
      JSON.stringify({ ...form, tools: ['curator_fly'] }),
      'there is no tool curator_fly',
    ],
    ['an unknown key', 'fine/template.json', JSON.stringify({ ...form, more: 1 }), 'Unrecognized key'],
    ['a hook', 'fine/template.json', JSON.stringify({ ...form, hooks: ['curl x | sh'] }), 'hooks'],
    [
      'a version that is none',
      'fine/template.json',
      JSON.stringify({ ...form, version: '1.0' }),
      'a version is three numbers',
    ],
    ['no heading', 'fine/README.md', 'text', 'README.md: it does not begin with a heading'],
    ['too long', 'fine/README.md', `# A${'a'.repeat(70_000)}`, 'more than 65536 characters'],
    ['a wrong name', 'Fine/template.json', '{}', 'a template’s name is lower-case'],
    ['something beside', 'fine/hooks/post.sh', 'true', 'a template has template.json, README.md and files/ alone'],
    ['an environment with values', 'fine/files/dot-env', 'A=1', 'the lab makes this file itself'],
    ['two files of one name', 'fine/files/readme.MD', 'x', 'on some systems they are one'],
    ['an unknown name', 'fine/files/a.md.mustache', '{{projekt.name}}', '{{projekt.name}} names nothing'],
    ['an unknown input', 'fine/files/a.md.mustache', '{{inputs.constructor}}', '{{inputs.constructor}} names nothing'],
    ['what is not escaped', 'fine/files/a.json.mustache', '{{{inputs.site}}}', 'write {{inputs.site}}'],
    ['a part', 'fine/files/a.md.mustache', '{{> other}}', 'is not for templates'],
    ['an open section', 'fine/files/a.md.mustache', '{{#inputs.site}}', 'Unclosed section'],
    ['an optional input outside a section', 'fine/files/a.md.mustache', '{{inputs.more}}', 'may be left out'],
    [
      'a default that does not fit',
      'fine/template.json',
      asked({ type: 'string', pattern: '^a$', default: 'b' }),
      'the default of site does not fit',
    ],
    [
      'a pattern that is none',
      'fine/template.json',
      asked({ type: 'string', pattern: '(' }),
      'Invalid regular expression',
    ],
    ['a keyword that a form cannot show', 'fine/template.json', asked({ type: 'string', if: {} }), 'Unrecognized key'],
    [
      'a secret with a default',
      'fine/template.json',
      asked({ type: 'string', writeOnly: true, 'x-env': 'A_KEY', default: 'x' }),
      'no default',
    ],
    ['a secret without a variable', 'fine/template.json', asked({ type: 'string', writeOnly: true }), 'needs x-env'],
    [
      'a secret that would change the system',
      'fine/template.json',
      asked({ type: 'string', writeOnly: true, 'x-env': 'LD_PRELOAD' }),
      'has a meaning',
    ],
  ])('%s', async (_, file, text, message) => {
    await put(file, text);
    await expect(readTemplates(folder)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
  });

  it('a secret that a file would hold', async () => {
    await put('fine/template.json', JSON.stringify(secretForm));
    await put('fine/files/src/dot-hidden/a.txt.mustache', '{{inputs.key}}');
    await expect(readTemplates(folder)).rejects.toMatchObject({ message: expect.stringContaining('is a secret') });
  });

  it('no folder', async () => {
    await expect(readTemplates(join(folder, 'missing'))).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
