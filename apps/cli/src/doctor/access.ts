// Who you are to the lab, until when, and how the lab itself says it is. Asks only what the token may ask.
import { type AppError, gatewayName, mechanic, sentinel } from '@labmesh/contracts';
import { Lab } from '../lab/lab.js';
import { type Check, error, type Finding, ok, type Patient, skipped, warning } from './checks.js';
import { greeted, servers } from './network.js';

const SOON_MS = 3 * 86_400_000;
const SIGN_IN =
  'Sign in: npx @labmesh/cli login, or set LABMESH_TOKEN. On the lab’s own machine its operator.token is found.';

export const access: Check = async (patient) => {
  const { credential, credentialFailure, url, version, config, signal } = patient;
  if (credentialFailure !== undefined)
    return [error('token', credentialFailure, SIGN_IN), ...(await servers(config.servers))];
  if (credential === undefined)
    return [warning('token', 'There is no token for this lab.', SIGN_IN), ...(await servers(config.servers))];
  if ((await greeted(url, signal))?.lab !== true)
    return [skipped('token', `from ${credential.source}; no lab to ask`), ...(await servers(config.servers))];
  const lab = new Lab({ url, version, credential, cache: config.places.cache, signal });
  try {
    const tools = await lab.toolNames();
    return [await tokenOf(lab, tools, patient), ...(await partsOf(lab, tools, patient))];
  } catch (thrown) {
    const { code, message } = thrown as AppError;
    if (code === 'cancelled') throw thrown;
    const remedy = code === 'unauthenticated' ? SIGN_IN : 'Look at the lab’s log, and try again.';
    return [error('token', message, remedy), ...(await servers(config.servers))];
  } finally {
    await lab.close();
  }
};

async function tokenOf(lab: Lab, tools: readonly string[], { credential }: Patient): Promise<Finding> {
  const source = credential?.source ?? '';
  if (!tools.includes(gatewayName(sentinel.name, 'list_tokens')))
    return ok('token', `from ${source}, good for ${tools.length} tools`);
  const { tokens } = await lab.use(sentinel, 'list_tokens', { limit: 200 });
  const current = tokens.find((token) => token.current);
  if (current === undefined) return ok('token', `from ${source}`);
  const { kind, role, expiresAt } = current;
  const left = Date.parse(expiresAt) - Date.now();
  const what = `${kind} of a ${role}, from ${source}, until ${expiresAt}`;
  return kind === 'client_key' && left < SOON_MS
    ? warning('token', `It ends soon: ${what}.`, 'Make the next: npx @labmesh/cli token create --kind client_key')
    : ok('token', what);
}

/** Bus, database and queue as the lab sees them; by a connection from here where the token may not ask. */
async function partsOf(lab: Lab, tools: readonly string[], { config }: Patient): Promise<Finding[]> {
  if (!tools.includes(gatewayName(mechanic.name, 'get_system_health'))) return servers(config.servers);
  const { bus, database, queue, reasons } = await lab.use(mechanic, 'get_system_health', {});
  const parts = Object.entries({ bus, database, queue }).map(([check, { status, kind, message }]) =>
    status === 'up'
      ? ok(check, kind)
      : error(check, message ?? `The ${check} is away.`, 'Start that server, and look at the lab’s log.'),
  );
  const told = reasons.map(({ part, severity, message, advice }) =>
    severity === 'critical' ? error(`lab: ${part}`, message, advice) : warning(`lab: ${part}`, message, advice),
  );
  return [...parts, ...told];
}
