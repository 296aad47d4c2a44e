// Lets callers without a token in, as a guest: the suites cannot send one. The gateway itself is not told: to it, the guest
// came with a credential. Only this fixture does it, and nothing but the fixture agent is behind its gateway.
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';

/** Node tells of each request here, before its server does. */
const REQUEST_STARTS = 'http.server.request.start';

/** From now on, every request to this process that shows no credential shows the one of the lab in `home`. */
export function letGuestsIn(home: string): void {
  let credential: string | undefined;
  subscribe(REQUEST_STARTS, (message) => {
    const { headers } = (message as { request: IncomingMessage }).request;
    if (headers.authorization !== undefined) return;
    credential ??= credentialIn(home);
    if (credential !== undefined) headers.authorization = `Bearer ${credential}`;
  });
}

/** Undefined until the Sentinel has written it. */
function credentialIn(home: string): string | undefined {
  try {
    return readFileSync(join(home, 'operator.token'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
