// Opens a connection to the lab.
import type { Connection, ConnectOptions } from './connection.js';

export async function connect(options: ConnectOptions): Promise<Connection> {
  const { openConnection } = await import('./mcp-client.js');
  return openConnection(options);
}
