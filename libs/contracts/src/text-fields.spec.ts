// What the text fields of the lab's tools hold, and how a schema says it.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AGENTS, textFieldsOfTool } from './agents.js';
import { gateway } from './gateway.js';
import { FIELD_KINDS, holds, type TextFields, textFieldsOf } from './text-fields.js';

const kindAt = (fields: TextFields, ...path: readonly string[]): string | undefined =>
  path.reduce<TextFields | undefined>((at, name) => at?.members?.get(name) ?? at?.items, fields)?.holds;

describe('textFieldsOf', () => {
  it('is prose where nothing is said, and an identifier where the form is given', () => {
    const fields = textFieldsOf(
      z.object({
        note: z.string().max(9).optional(),
        id: z.string().regex(/^x/).describe('An id'),
        at: z.iso.datetime().nullable(),
        format: z.enum(['csv']).default('csv'),
        code: holds('code', z.string().regex(/;$/)),
      }),
    );
    expect(['note', 'id', 'at', 'format', 'code'].map((name) => kindAt(fields, name))).toEqual([
      'prose',
      'identifier',
      'identifier',
      'identifier',
      'code',
    ]);
  });

  it('holds for all that is in a value, through lists, records, alternatives and what wraps them', () => {
    const fields = textFieldsOf(
      z
        .object({
          rows: holds('data', z.array(z.record(z.string(), z.unknown()))).optional(),
          files: z.array(holds('path', z.string()).nullable()).readonly().default([]),
          either: z.union([z.object({ a: holds('code', z.string()) }), z.object({ b: z.string() })]),
        })
        .refine(() => true),
    );
    expect(kindAt(fields, 'rows', '0', 'column')).toBe('data');
    expect(kindAt(fields, 'files', '0')).toBe('path');
    expect(kindAt(fields, 'either', 'a')).toBe('code');
    expect(kindAt(fields, 'either', 'b')).toBe('prose');
  });
});

describe('the lab’s tools', () => {
  it.each([
    ['curator', 'submit_dataset', 'content', 'data'],
    ['curator', 'submit_dataset', 'description', 'prose'],
    ['curator', 'submit_dataset', 'schema', 'data'],
    ['curator', 'fetch_dataset', 'datasetId', 'identifier'],
    ['librarian', 'get_document', 'file', 'path'],
    ['librarian', 'query_knowledge_base', 'question', 'prose'],
    ['sentinel', 'encrypt_data', 'data', 'data'],
    ['sentinel', 'decrypt_data', 'encrypted', 'data'],
    ['sentinel', 'audit_query', 'tool', 'identifier'],
    ['sentinel', 'generate_wallet_token', 'toolset', 'identifier'],
  ])('%s.%s: %s holds %s', (agent, tool, member, kind) => {
    const fields = textFieldsOfTool({ agent, tool });
    const found = fields.members?.get(member);
    expect(found?.items?.holds ?? found?.holds).toBe(kind);
  });

  it('hold one of the kinds, everywhere', () => {
    const kinds = (fields: TextFields): string[] => [
      fields.holds,
      ...[...(fields.members?.values() ?? []), ...(fields.items === undefined ? [] : [fields.items])].flatMap(kinds),
    ];
    for (const { tools } of [...AGENTS, gateway])
      for (const { input } of Object.values(tools))
        expect(FIELD_KINDS).toEqual(expect.arrayContaining(kinds(textFieldsOf(input))));
    expect(textFieldsOfTool({ agent: 'curator', tool: 'none' })).toEqual({ holds: 'prose' });
  });
});
