// Handlers in parts, one for each concept of an agent's domain: what a part needs, and what it makes of it. The compiler holds
// that classes and parameters agree, and that all parts together are what the contract asks for.
import type { InjectionToken, Type } from '@nestjs/common';

/** What Nest injects, and what is made of it. */
export interface HandlerFactory<H> {
  readonly inject: InjectionToken[];
  readonly useFactory: (...deps: never[]) => H;
}

/** What Nest makes of these classes. */
export type Instances<C extends readonly Type[]> = { [At in keyof C]: C[At] extends Type<infer I> ? I : never };
type Together<P extends readonly HandlerFactory<object>[]> = P extends readonly [
  HandlerFactory<infer H>,
  ...infer Rest extends readonly HandlerFactory<object>[],
]
  ? H & Together<Rest>
  : unknown;

/** A part: the classes it needs, and a function of their instances in the same order. */
export const handlersOf = <const C extends readonly Type[], H extends object>(
  classes: C,
  useFactory: (...instances: Instances<C>) => H,
): HandlerFactory<H> => ({ inject: [...classes], useFactory: useFactory as HandlerFactory<H>['useFactory'] });

/** All parts as one. No two may handle the same. */
export function together<const P extends readonly HandlerFactory<object>[]>(...parts: P): HandlerFactory<Together<P>> {
  return {
    inject: parts.flatMap(({ inject }) => inject),
    useFactory: ((...deps: unknown[]) => {
      let at = 0;
      const made = parts.map(({ inject, useFactory }) => {
        const own = deps.slice(at, at + inject.length);
        at += inject.length;
        return (useFactory as (...own: unknown[]) => object)(...own);
      });
      const names = made.flatMap((handlers) => Object.keys(handlers));
      const twice = names.filter((name, place) => names.indexOf(name) !== place);
      if (twice.length > 0) throw new Error(`two parts handle the same: ${twice.join(', ')}`);
      return Object.assign({}, ...made) as Together<P>;
    }) as HandlerFactory<Together<P>>['useFactory'],
  };
}
