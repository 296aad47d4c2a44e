// Where installers of packages find them on this machine, and what they trust there: for tests that give a process an environment of
// its own.
import { env } from 'node:process';

const FOR_INSTALLERS = /^(PIP_|UV_|SSL_CERT_|REQUESTS_CA|(https?|no|all)_proxy$)/i;

/** Of this process's environment, what pip and uv read. */
export const packageSources = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value = '']) => (FOR_INSTALLERS.test(name) ? [[name, value]] : [])),
  );
