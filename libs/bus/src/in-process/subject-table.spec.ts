// Subjects and patterns: NATS's rules, checked against a second way to write them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SubjectTable, subjectMatches } from './subject-table.js';

const token = fc.constantFrom('labmesh', 'event', 'curator', 'a', 'b', '$cancel');
const subject = fc.array(token, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join('.'));
const pattern = fc
  .tuple(fc.array(fc.oneof(token, fc.constant('*')), { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([tokens, open]) => [...tokens, ...(open ? ['>'] : [])].join('.'));

/** The same rules as a regular expression. */
const asExpression = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split('.')
      .map((part) => (part === '*' ? '[^.]+' : part === '>' ? '.+' : part.replaceAll('$', '\\$')))
      .join('\\.')}$`,
  );

describe('subjectMatches', () => {
  it('agrees with the rules written as an expression', () => {
    fc.assert(
      fc.property(pattern, subject, (one, other) => subjectMatches(one, other) === asExpression(one).test(other)),
      {
        numRuns: 2_000,
      },
    );
  });

  it('always matches itself, and everything under its first token', () => {
    fc.assert(fc.property(subject, (text) => subjectMatches(text, text) && subjectMatches('>', text)));
  });

  it('needs at least one token for an open end', () => {
    expect(subjectMatches('labmesh.event.>', 'labmesh.event')).toBe(false);
    expect(subjectMatches('labmesh.event.>', 'labmesh.event.curator.dataset_stored')).toBe(true);
    expect(subjectMatches('labmesh.*', 'labmesh.a.b')).toBe(false);
  });
});

describe('SubjectTable', () => {
  it('finds what was added and not taken out, once for each group', () => {
    const routes = fc.array(
      fc.record({ pattern, group: fc.option(fc.constantFrom('g', 'h'), { nil: undefined }), gone: fc.boolean() }),
    );
    fc.assert(
      fc.property(routes, subject, (list, text) => {
        const table = new SubjectTable<number>();
        const leave = list.map((route, index) => table.add(route.pattern, route.group, index));
        list.forEach((route, index) => {
          if (route.gone) leave[index]?.();
        });
        const left = list
          .map((route, index) => ({ ...route, index }))
          .filter((route) => !route.gone && subjectMatches(route.pattern, text));
        const found = table.match(text);
        const single = left.filter(({ group }) => group === undefined).map(({ index }) => index);
        expect(found.filter((index) => list[index]?.group === undefined).sort()).toEqual(single.sort());
        for (const group of ['g', 'h']) {
          const members = left.filter((route) => route.group === group).map(({ index }) => index);
          const chosen = found.filter((index) => list[index]?.group === group);
          expect(chosen).toHaveLength(Math.min(1, members.length));
          for (const index of chosen) expect(members).toContain(index);
        }
      }),
    );
  });
});
