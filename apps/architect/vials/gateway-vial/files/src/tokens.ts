// What Nest injects by, where no class says it.
export const CONFIG = Symbol('config');
export const ROUTES = Symbol('routes');
