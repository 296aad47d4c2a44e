// `npm run conformance:serve`: the fixture gateway alone, in one process, until it is told to stop. It wants no token.
import { rm } from 'node:fs/promises';
import { runUntilSignal } from '@labmesh/agent';
import { temporaryFolder } from '@labmesh/testing';
import { PARTS, startParts } from './parts.js';

const PORT = '3930';

await runUntilSignal(async () => {
  const home = await temporaryFolder('conformance');
  const leave = () => rm(home, { recursive: true, force: true });
  const { PORT: port = PORT } = process.env;
  // Nothing else of the environment counts: a lab that is set up there has nothing to do with this one.
  const running = await startParts(PARTS, { PORT: port, LABMESH_HOME: home }).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  const address = `http://127.0.0.1:${running.port}`;
  process.stdout.write(
    `The fixtures are at ${address}/mcp, no token needed; ${address}/healthz says that they are up.\n`,
  );
  return { ...running, stop: () => running.stop().then(leave) };
});
