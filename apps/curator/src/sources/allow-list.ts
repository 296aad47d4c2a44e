// Which hosts the lab may fetch from. Empty means none.
import { AppError } from '@labmesh/contracts';
import ipaddr from 'ipaddr.js';

export interface AllowedHost {
  /** In lower case, without the dots and brackets around it. */
  readonly host: string;
  /** Undefined: every port. */
  readonly port: number | undefined;
  /** Also every host under it, not the host itself. */
  readonly wildcard: boolean;
}

const ENTRY = /^(?<wildcard>\*\.)?(?<host>\[[0-9a-f:.]+\]|[^:/*@?#\\\s]+)(?::(?<port>\d{1,5}))?$/i;

/**
 * Reads `LABMESH_FETCH_ALLOW`: hosts with commas between, such as `data.example.org, *.nasa.gov, localhost:8080, [::1]:8080`.
 * @throws Error naming the entry that is none.
 */
export function parseAllowList(text: string): readonly AllowedHost[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return entries.map((entry) => {
    const { host, port, wildcard } = ENTRY.exec(entry)?.groups ?? {};
    const canonical = host === undefined ? undefined : canonicalHost(host);
    if (
      canonical === undefined ||
      !(Number(port ?? 1) >= 1 && Number(port ?? 1) <= 65_535) ||
      (wildcard !== undefined && ipaddr.isValid(canonical))
    ) {
      throw new Error(`"${entry}" is no host: write data.example.org, *.example.org or 10.0.0.7:8080`);
    }
    return { host: canonical, port: port === undefined ? undefined : Number(port), wildcard: wildcard !== undefined };
  });
}

/** The host as URLs have it: lower case, punycode, addresses in their one form; undefined when it is none. */
function canonicalHost(host: string): string | undefined {
  try {
    return hostOf(new URL(`http://${host}`));
  } catch {
    return undefined;
  }
}

export const hostOf = (url: URL): string =>
  url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();

const portOf = (url: URL): number => Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);

function entryFor(url: URL, list: readonly AllowedHost[]): AllowedHost | undefined {
  const host = hostOf(url);
  return list.find(
    (allowed) =>
      (allowed.wildcard ? host.endsWith(`.${allowed.host}`) && !ipaddr.isValid(host) : host === allowed.host) &&
      (allowed.port === undefined || allowed.port === portOf(url)),
  );
}

/** Whether an entry names the host of this address. @throws AppError invalid_input for another scheme or a password in it */
export function isAllowed(url: URL, list: readonly AllowedHost[]): boolean {
  refuseOther(url);
  return entryFor(url, list) !== undefined;
}

/**
 * The entry that allows this address.
 * @throws AppError invalid_input for another scheme or a password in the address; forbidden when no entry allows it.
 */
export function allowedBy(url: URL, list: readonly AllowedHost[]): AllowedHost {
  refuseOther(url);
  const entry = entryFor(url, list);
  if (entry !== undefined) return entry;
  throw new AppError(
    'forbidden',
    `Cannot fetch from ${url.host}: it is not on the lab's allow-list. Send the data inline, or ask the operator to add the host to LABMESH_FETCH_ALLOW.`,
  );
}

function refuseOther(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError(
      'invalid_input',
      `Cannot fetch over "${url.protocol}": only http and https addresses are fetched.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError(
      'invalid_input',
      'Cannot fetch an address with a name or password in it: such data must be sent inline.',
    );
  }
}
