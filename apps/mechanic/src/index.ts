// The door of the Mechanic for the lab app, which runs it in one process with the others.
export { MechanicModule } from './mechanic.module.js';
