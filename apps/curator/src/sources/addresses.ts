// Which network address a host stands for, checked: a public name must not lead into the lab's own network.

import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { AppError } from '@labmesh/contracts';
import ipaddr from 'ipaddr.js';

/** Answers the addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export const resolveHost: Resolve = (host) => lookup(host, { all: true });

/** `named`: the operator listed the host. `public`: whoever named it, it must be one of the open internet. */
export type Trust = 'named' | 'public';

/**
 * The address to connect to. An address or `localhost` that the operator named is meant as it is; any other host must lead to
 * public addresses only, all of them.
 * @throws AppError upstream_failed when the name is unknown, forbidden when it leads to an address that is not public.
 */
export async function addressOf(
  host: string,
  resolve: Resolve = resolveHost,
  trust: Trust = 'named',
): Promise<LookupAddress> {
  const named = trust === 'named';
  if (ipaddr.isValid(host)) {
    if (!named && !isPublic(host)) throw notPublic(host, host);
    return { address: host, family: ipaddr.parse(host).kind() === 'ipv6' ? 6 : 4 };
  }
  const addresses = await resolve(host).catch((cause: unknown) => {
    throw new AppError('upstream_failed', `Cannot fetch from ${host}: the name is not known.`, { cause });
  });
  const [first] = addresses;
  if (first === undefined) throw new AppError('upstream_failed', `Cannot fetch from ${host}: the name has no address.`);
  const inside = addresses.find(
    ({ address }) => !(named && host === 'localhost' ? isLoopback(address) : isPublic(address)),
  );
  if (inside === undefined) return first;
  throw notPublic(host, inside.address);
}

const notPublic = (host: string, address: string): AppError =>
  new AppError(
    'forbidden',
    `Cannot fetch from ${host}: it leads to ${address}, which is not a public address. If it is meant, the operator lists the address, or localhost, in LABMESH_FETCH_ALLOW.`,
  );

/** True for an address of the open internet: not private, loopback, link-local, reserved, multicast, or one that wraps another. */
export const isPublic = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

const isLoopback = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
