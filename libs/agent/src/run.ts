// From `node dist/main.js` to a serving process and back: start, say what went wrong in one line, stop on a signal.

import { AGENTS, type AgentContract, AppError, ERROR_CODES } from '@labmesh/contracts';
import { mountEndpoint, plain } from '@labmesh/endpoint';
import { DEFAULT_HOME, GATEWAY_PORT, readLabConfig, redactSecrets } from '@labmesh/runtime';
import { Module, type Type } from '@nestjs/common';
import { type ProcessOptions, type RunningProcess, startProcess } from './start-process.js';

/** Runs `start` until the process is told to stop. Failures end it with the error's exit code and one line on standard error. */
export async function runUntilSignal(start: () => Promise<RunningProcess>): Promise<void> {
  try {
    const running = await start();
    const stop = (signal: NodeJS.Signals): void => {
      running.log.info({ signal }, 'stopping');
      void running.stop().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    const known = error instanceof AppError;
    const why = known
      ? error.message
      : `cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    process.stderr.write(`labmesh: ${redactSecrets(why)}\n`);
    process.exit(known ? ERROR_CODES[error.code].exit : ERROR_CODES.internal.exit);
  }
}

/** Starts one agent alone, with its own MCP endpoint at `/mcp`. It needs NATS_URL: without a mesh nobody could let callers in. */
export function runAgent(
  contract: AgentContract,
  module: Type,
  options: Partial<Pick<ProcessOptions, 'database' | 'keepsStores'>> = {},
): Promise<void> {
  return runUntilSignal(() => {
    const place = AGENTS.findIndex(({ name }) => name === contract.name);
    const config = readLabConfig({
      port: GATEWAY_PORT + 1 + place,
      home: DEFAULT_HOME,
      publicUrl: `http://127.0.0.1:${GATEWAY_PORT}`,
    });
    if (config.natsUrl === undefined) {
      throw new AppError(
        'invalid_input',
        `Cannot start the ${contract.name} alone without NATS_URL: set it to the mesh’s NATS server, or run the whole lab with npm start`,
      );
    }
    return startProcess({
      name: contract.name,
      module: standalone(contract, module),
      config,
      database: true,
      blobs: contract.keepsFiles,
      ...options,
    });
  });
}

/** The agent's module, plus its endpoint on the process's HTTP front. */
function standalone(contract: AgentContract, module: Type): Type {
  @Module({
    imports: [module, mountEndpoint({ path: '/mcp', agents: [contract], naming: plain, audiences: [contract.name] })],
  })
  class StandaloneAgent {}
  return StandaloneAgent;
}
