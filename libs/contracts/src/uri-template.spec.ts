// Addresses: what is written is read back, and what is not of the template is refused.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AGENTS } from './agents.js';
import { publicTools } from './names.js';
import { expandUri, matchUri, templateNames } from './uri-template.js';

const text = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });

it('what expandUri writes, matchUri reads back', () => {
  fc.assert(
    fc.property(text, text, (id, file) => {
      expect(matchUri('dataset://{id}', expandUri('dataset://{id}', { id }))).toEqual({ id });
      expect(matchUri('kb://{+file}', expandUri('kb://{+file}', { file }))).toEqual({ file });
      const two = { name: id, part: file };
      expect(matchUri('x://{name}/a.b/{+part}', expandUri('x://{name}/a.b/{+part}', two))).toEqual(two);
    }),
  );
});

it('any text is an address of the template or not, and never a crash', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (uri) => void matchUri('kb://{+file}', `kb://${uri}`)));
  for (const uri of ['dataset://', 'dataset://a/b', 'dataset://a?b', 'DATASET://a', 'dataset://%E0%A4', ' dataset://a'])
    expect(matchUri('dataset://{id}', uri), uri).toBeUndefined();
  expect(matchUri('template://{name}/readme', 'template://a/readme/')).toBeUndefined();
  expect(matchUri('template://{name}/readme', 'template://a/readme')).toEqual({ name: 'a' });
  expect(matchUri('dataset://{id}', `dataset://${'a'.repeat(3_000)}`)).toBeUndefined();
  expect(expandUri('kb://{+file}', { file: 'docs/a b.md' })).toBe('kb://docs/a%20b.md');
  expect(templateNames('a://{b}/{+c}')).toEqual(['b', 'c']);
});

it('a scheme belongs to one agent, so that an address says whose it is', () => {
  const schemes = AGENTS.flatMap((agent) =>
    [...new Set(Object.values(agent.resources).map(({ uri }) => uri.split('://')[0]))].map(
      (scheme) => `${agent.name} ${scheme}`,
    ),
  );
  const owners = schemes.map((entry) => entry.split(' ')[1]);
  expect(new Set(owners).size).toBe(owners.length);
});

it('every prompt has a permission that some tool of its agent needs', () => {
  for (const agent of AGENTS) {
    const needed = publicTools([agent]).map(({ spec }) => spec.permission);
    for (const { permission } of Object.values(agent.prompts)) expect(needed).toContain(permission);
    expect(Object.keys(agent.prompts).length).toBeGreaterThanOrEqual(2);
  }
});
