// Injection tokens of what the process provides to every agent in it.
export const BUS = Symbol('BUS');
