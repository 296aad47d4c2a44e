// The door of the Curator for the lab app.
export { CuratorModule } from './curator.module.js';
