// Other programs' settings: the lab goes in and out, everything else stays to the letter.
import { parse as parseJsonc } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIENT_NAMES, CLIENTS, KEY_VARIABLE } from './clients.js';
import { merged } from './merging.js';

const URL = 'http://127.0.0.1:3000/mcp';
const KEY = 'lmk_secret';
const merge = (name: (typeof CLIENT_NAMES)[number], text: string | undefined, remove = false): string | undefined =>
  merged({ form: CLIENTS[name].form, text, entries: CLIENTS[name].entries(URL, KEY), remove, file: 'f' });

describe.each(CLIENT_NAMES)('%s', (name) => {
  const { form, key } = CLIENTS[name];

  it('is written into nothing, once, and has the key only where there is no other way', () => {
    const text = merge(name, undefined) ?? '';
    expect(merge(name, text)).toBe(text);
    expect(text.includes(KEY)).toBe(key === 'file');
    if (key === 'environment') expect(text).toContain(KEY_VARIABLE);
    const root = (form === 'json' ? parseJsonc(text) : parseToml(text)) as Record<string, Record<string, unknown>>;
    expect(JSON.stringify(root)).toContain(URL);
    expect(merge(name, undefined, true)).toBeUndefined();
  });

  it('leaves nothing of itself when it is taken out, and all of the others', () => {
    const own = merge(name, undefined) ?? '';
    expect(merge(name, own, true)).not.toContain('labmesh');
  });
});

describe('JSON', () => {
  const theirs = `{
    // my servers
    "mcpServers": {
        "other": { "command": "x" }, // keep
    },
    "theme": "dark"
}
`;

  it('keeps comments, order and indentation', () => {
    const text = merge('cursor', theirs) ?? '';
    for (const part of [
      '// my servers',
      '\n        "other": {',
      '// keep',
      '"theme": "dark"',
      '\n        "labmesh": {',
    ])
      expect(text).toContain(part);
    expect(parseJsonc(merge('cursor', text, true) ?? '', [], { allowTrailingComma: true })).toEqual(
      parseJsonc(theirs, [], { allowTrailingComma: true }),
    );
  });

  it.each([
    ['a line of its own', '{\n    "mine": { "args": ["a", "b"] }\n}\n'],
    ['all in one line', '{"theme":"dark","mcpServers":{"mine":{"command":"x"}}}'],
    ['tabs, and a comma too many', '{\n\t"mcpServers": {\n\t\t"mine": {"command":"x"},\n\t},\n}\n'],
    ['an empty list', '{\r\n  "mcpServers": {}\r\n}\r\n'],
  ])('leaves every line of others to the letter: %s', (_, text) => {
    const put = merge('cursor', text) ?? '';
    const entry = parseJsonc(put, [], { allowTrailingComma: true }) as { mcpServers: object };
    expect(entry.mcpServers).toHaveProperty('labmesh');
    const kept = text
      .split(/[{}\r\n]+/)
      .map((part) => part.trim())
      .filter((part) => part.length > 2);
    for (const part of kept) expect(put).toContain(part);
    expect(merge('cursor', put)).toBe(put);
    const again = merge('cursor', put, true) ?? '';
    expect(parseJsonc(again, [], { allowTrailingComma: true })).toEqual({
      mcpServers: {},
      ...(parseJsonc(text, [], { allowTrailingComma: true }) as object),
    });
  });

  it('keeps the inputs of others in VS Code’s file', () => {
    const before = '{"inputs":[{"id":"a"},{"id":"labmesh","type":"x"}],"servers":{}}';
    const { inputs } = parseJsonc(merge('vscode', before) ?? '') as { inputs: Array<{ id: string; type?: string }> };
    expect(inputs.map(({ id, type }) => [id, type])).toEqual([
      ['a', undefined],
      ['labmesh', 'promptString'],
    ]);
    expect(parseJsonc(merge('vscode', merge('vscode', before), true) ?? '')).toEqual({
      inputs: [{ id: 'a' }],
      servers: {},
    });
  });

  it.each(['[]', '{', '"x"', '{"mcpServers": []}'])('leaves %s alone', (text) => {
    expect(() => merge('cursor', text)).toThrow(/left as it is/);
  });
});

describe('TOML', () => {
  const theirs = `# mine
model = "o9"

[mcp_servers.other]
command = "x" # keep

[mcp_servers.labmesh]
url = "http://old"

[mcp_servers.labmesh.http_headers]
A = "b"

[tools]
web = true
`;

  it('replaces its own table with all below it, and keeps every other line', () => {
    const text = merge('codex', theirs) ?? '';
    for (const line of ['# mine', 'command = "x" # keep', '[tools]', 'web = true']) expect(text).toContain(line);
    expect(parseToml(text)).toMatchObject({
      mcp_servers: { labmesh: { url: URL, bearer_token_env_var: KEY_VARIABLE }, other: { command: 'x' } },
    });
    expect(text).not.toContain('http_headers');
    expect(merge('codex', text, true)).not.toContain('labmesh');
  });

  it.each([
    'mcp_servers = { labmesh = { url = "http://old" } }\n',
    'note = """\n[mcp_servers.labmesh]\n"""\n',
    'x = \n',
  ])('leaves %j alone, where it cannot tell', (text) => {
    expect(() => merge('codex', text)).toThrow(/left as it is/);
  });

  it('gives back what it was given, whatever is in it', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/).filter((one) => one !== 'labmesh');
    const table = fc.dictionary(name, fc.oneof(fc.string(), fc.boolean(), fc.integer()));
    fc.assert(
      fc.property(fc.dictionary(name, table), (servers) => {
        const lines = Object.entries(servers).map(
          ([server, values]) =>
            `[mcp_servers.${server}]\n${Object.entries(values)
              .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
              .join('\n')}\n`,
        );
        const text = lines.join('\n');
        let before: unknown;
        try {
          before = parseToml(text);
        } catch {
          return; // JSON's escapes are not all TOML's
        }
        expect(JSON.stringify(parseToml(merge('codex', merge('codex', text), true) ?? ''))).toBe(
          JSON.stringify(before),
        );
      }),
    );
  });
});
