// Which statements get a name; and that they answer the same with it, on the embedded database.
import { describe, expect, it } from 'vitest';
import { StatementNames } from './prepared-statements.js';
import { preparedSuite } from './prepared-statements.testing.js';
import { embedded } from './suite.testing.js';

describe('a statement', () => {
  const nameAfter = (names: StatementNames, text: string, uses: number): string | undefined => {
    let name: string | undefined;
    for (let at = 0; at < uses; at += 1) name = names.nameOf(text);
    return name;
  };

  it('has a name of its own from its third use on', () => {
    const names = new StatementNames();
    expect(nameAfter(names, 'one', 2)).toBeUndefined();
    const one = names.nameOf('one');
    expect(one).toBe(names.nameOf('one'));
    expect(nameAfter(names, 'two', 3)).not.toBe(one);
    expect(names.renew('one')).not.toBe(one);
  });

  it('has none where it is a long list, or too many have one', () => {
    const names = new StatementNames();
    expect(nameAfter(names, `x${'$1,'.repeat(10_000)}`, 9)).toBeUndefined();
    for (let at = 0; at < 5_000; at += 1) names.nameOf(`never again ${at}`);
    for (let at = 0; at < 256; at += 1) expect(nameAfter(names, `${at}`, 3)).toBeDefined();
    expect(nameAfter(names, 'one more', 9)).toBeUndefined();
    expect(names.nameOf('7')).toBeDefined();
  });
});

describe('statements that come again, embedded', () => {
  preparedSuite(embedded((database) => ({ database })));
});
