// Parts of handlers: each gets what it asked for, in its order, and nothing is handled twice.
import { expect, it } from 'vitest';
import { handlersOf, together } from './handler-parts.js';

class Left {
  readonly name = 'left';
}
class Right {
  readonly side = 'right';
}
const deps = [new Right(), new Left(), new Left()] as never[];

it('get each what they asked for', () => {
  const one = handlersOf([Right, Left], (right, left) => ({ both: () => `${right.side} ${left.name}` }));
  const other = handlersOf([Left], (left) => ({ own: () => left.name }));
  const all = together(one, other);
  expect(all.inject).toEqual([Right, Left, Left]);
  const handlers: { both: () => string; own: () => string } = all.useFactory(...deps);
  expect([handlers.both(), handlers.own()]).toEqual(['right left', 'left']);
});

it('do not handle the same twice', () => {
  const part = handlersOf([Left], () => ({ same: () => 1 }));
  expect(() => together(part, part).useFactory(...deps)).toThrow('two parts handle the same: same');
});
