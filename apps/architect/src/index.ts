// The door of the Architect for the lab app, which runs it in one process with the others.
export { ArchitectModule } from './architect.module.js';
