// The door of @labmesh/gateway for the lab app.
export { agentPath, GatewayModule } from './gateway.module.js';
