// The door of @labmesh/traffic: a lab in its ordinary life, and campaigns against it. It knows nothing of what detects them.
export { CAMPAIGNS, type Campaign } from './campaigns/campaigns.js';
export { scenario } from './scenario.js';
export type { SimulatedCall } from './simulated-call.js';
export { type LabOptions, SimulatedLab } from './simulated-lab.js';
