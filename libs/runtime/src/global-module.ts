// Things that a process makes once, as a Nest module whose providers every other module may inject.
import { type DynamicModule, type InjectionToken, Module, type Type } from '@nestjs/common';

/** What to inject by, and the one instance there is. */
export type Made = ReadonlyArray<readonly [token: InjectionToken, instance: unknown]>;

/** @param controllers what listens on the bus for these things */
export function globalModule(made: Made, controllers: Type[] = []): DynamicModule {
  @Module({})
  class GlobalModule {}
  const providers = made.map(([provide, useValue]) => ({ provide, useValue }));
  return { module: GlobalModule, global: true, controllers, providers, exports: made.map(([token]) => token) };
}
