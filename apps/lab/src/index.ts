// The door of @labmesh/lab: start a whole lab from code, as tests and benches do.
export { LabModule } from './lab.module.js';
export { startLab } from './start-lab.js';
