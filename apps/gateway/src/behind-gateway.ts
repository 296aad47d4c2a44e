// Injection token of the contracts of the agents that are behind this gateway.
export const BEHIND_GATEWAY = Symbol('BEHIND_GATEWAY');
