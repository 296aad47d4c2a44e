// The door to the data engine without the agent, for benches.
export { Engine } from './engine/engine.js';
export { importTable } from './engine/table-import.js';
export { validateRows } from './schemas/validator.js';
