// The vials that are installed, held against the contracts: what their READMEs tell people to type must work.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENTS, architect, GRANTABLE_ROLES, gatewayName, publicTools } from '@labmesh/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { architectTools } from '../architect.tools.js';
import { readVials } from './reading.js';
import { Shelf } from './shelf.js';

const INSTALLED = fileURLToPath(new URL('../../vials', import.meta.url));
const TOOLS = new Map(publicTools(AGENTS).map(({ agent, tool, spec }) => [gatewayName(agent, tool), spec]));
const COMMANDS = ['ask', 'call', 'open', 'status', 'template', 'token', 'tools', 'wallet'];

const vials = await readVials(INSTALLED);

/** The `labmesh` commands of a README, lines that a backslash joins put together. */
function commandsOf(markdown: string): string[] {
  const joined = markdown.replace(/\\\n\s*/g, '');
  return [...joined.matchAll(/npx @labmesh\/cli ([^`\n]+)/g)].map(([, command = '']) => command);
}

describe('the installed vials', () => {
  it('are the four', () => {
    expect(vials.map(({ name }) => name)).toEqual(['astronomer', 'data-scientist', 'gateway', 'validator']);
  });

  it.each(vials)('$name: a README of 60 to 150 lines under its title', ({ markdown, title }) => {
    expect(markdown.split('\n').length).toBeGreaterThanOrEqual(60);
    expect(markdown.split('\n').length).toBeLessThanOrEqual(151);
    expect(markdown.startsWith(`# ${title}\n`)).toBe(true);
  });

  it.each(vials)('$name: names only tools that exist, and calls only those of its card', ({ markdown, tools }) => {
    const agents = AGENTS.map(({ name }) => name).join('|');
    const named = [...markdown.matchAll(new RegExp(`\\b(?:${agents})_[a-z_]+`, 'g'))].map(([tool]) => tool);
    for (const tool of named) expect([...TOOLS.keys()]).toContain(tool);
    const used = commandsOf(markdown).map((command) => /^call (\w+)/.exec(command)?.[1]);
    for (const tool of used) if (tool !== undefined) expect(tools).toContain(tool);
    if (markdown.includes('npx @labmesh/cli ask')) expect(tools).toContain('librarian_query_knowledge_base');
  });

  it.each(vials)('$name: its commands exist, and their arguments too', ({ markdown }) => {
    const commands = commandsOf(markdown);
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      const [verb = '', tool = ''] = command.split(' ');
      expect(COMMANDS).toContain(verb);
      if (verb !== 'call') continue;
      const input = TOOLS.get(tool)?.input.shape ?? {};
      for (const [, key = ''] of command.matchAll(/--arg (\w+)=/g)) expect(Object.keys(input), command).toContain(key);
    }
  });

  it.each(vials)('$name: roles that its commands give can be given', ({ markdown }) => {
    for (const [, role = ''] of markdown.matchAll(/--role (\w+)/g)) expect(GRANTABLE_ROLES).toContain(role);
  });
});

describe('the tools', () => {
  const tools = architectTools(new Shelf(vials));
  const call = {} as Parameters<typeof tools.get_template_readme>[1];

  it('list and give what the contract says', async () => {
    const listed = await tools.list_available_templates({}, call);
    expect(architect.tools.list_available_templates.output.parse(listed)).toEqual(listed);
    for (const { name, title } of listed.templates) {
      const readme = await tools.get_template_readme({ name }, call);
      expect(architect.tools.get_template_readme.output.parse(readme)).toEqual(readme);
      expect(readme.title).toBe(title);
    }
  });

  it.each(['unknown', 'constructor'])('name what there is when asked for %s', (name) => {
    expect(() => tools.get_template_readme({ name }, call)).toThrow(
      `There is no template "${name}". There are: astronomer, data-scientist, gateway, validator.`,
    );
  });
});

describe('a vial that is not right stops the start', () => {
  const card = { title: 'A title', summary: 'A summary of it.', audience: 'People', tools: ['curator_fetch_dataset'] };
  let folder: string;

  const put = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labmesh-vials-'));
    await put('fine/vial.json', JSON.stringify(card));
    await put('fine/README.md', '# A title\n');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is read when all is right', async () => {
    expect(await readVials(folder)).toEqual([{ name: 'fine', ...card, markdown: '# A title\n' }]);
  });

  it.each([
    ['no card', 'odd/README.md', '# Odd', 'odd/vial.json: it cannot be read'],
    ['no JSON', 'fine/vial.json', '{', 'fine/vial.json: it is not valid JSON'],
    [
      'an unknown tool',
      'fine/vial.json',
      JSON.stringify({ ...card, tools: ['curator_fly'] }),
      'there is no tool curator_fly',
    ],
    ['an unknown key', 'fine/vial.json', JSON.stringify({ ...card, more: 1 }), 'fine/vial.json'],
    ['no heading', 'fine/README.md', 'text', 'fine/README.md: it does not begin with a heading'],
    ['too long', 'fine/README.md', `# A${'a'.repeat(70_000)}`, 'more than 65536 characters'],
    ['a wrong name', 'Fine/vial.json', '{}', 'a vial’s name is lower-case'],
  ])('%s', async (_, file, text, message) => {
    await put(file, text);
    await expect(readVials(folder)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
  });

  it('no folder', async () => {
    await expect(readVials(join(folder, 'missing'))).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
