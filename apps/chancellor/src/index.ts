// The door of the Chancellor for the lab app, which runs it in one process with the others.
export { ChancellorModule } from './chancellor.module.js';
