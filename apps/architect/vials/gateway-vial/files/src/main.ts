// The program: settings, start, and a word about what is missing.
import { readConfig } from './config.js';
import { Failure } from './failure.js';
import { missingRights, start } from './start.js';

try {
  const { app, url } = await start(readConfig());
  console.log(`MCP at ${url}/mcp`);
  const missing = await missingRights(app).catch((error: unknown) => {
    if (error instanceof Failure) return [`${error.message} ${error.hint}`];
    throw error;
  });
  for (const line of missing) console.warn(`warning: ${line}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
