// Addresses that are none, that are read on their way, that are another lab's, or that do not answer. Which may be asked, the caller decides.
import type { Rule } from '../rule.js';
import { type AddressPlace, addressPlaces } from './address-places.js';

const family = 'Addresses';

const isLoopback = (host: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(host);
/** A name without a dot is a neighbour in a compose file or a cluster. */
const isNeighbour = (host: string): boolean =>
  !/[.:]/.test(host) || /\.(internal|local|lan|svc|cluster\.local|test)$/.test(host);
const isPrivate = (host: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd])/.test(host);

const parsed = ({ url }: AddressPlace): URL | undefined =>
  /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(url) && URL.canParse(url) ? new URL(url) : undefined;

/** Drivers' own forms, with several hosts or none: `postgresql:///lab`, `file:///data`, `nats://a:1,nats://b:2`. */
const isOwnForm = (url: string): boolean => /^(file|sqlite|postgres(ql)?|s3|jdbc):|,/.test(url);

const malformed: Rule = {
  id: 'address-malformed',
  family,
  severity: 'error',
  title: 'What should be an address is none',
  *look(project) {
    for (const place of addressPlaces(project))
      if (place.kind !== 'other' && parsed(place) === undefined && !isOwnForm(place.url))
        yield {
          path: place.path,
          line: place.line,
          message: `${place.name} holds no address: a scheme, a host and perhaps a port are needed.`,
          remedy: 'Write it as http://127.0.0.1:3000 or https://lab.example.org.',
        };
  },
};

const notEncrypted: Rule = {
  id: 'address-not-encrypted',
  family,
  severity: 'warning',
  title: 'http or ws to another machine, where everybody on the way can read keys and data',
  *look(project) {
    for (const place of addressPlaces(project)) {
      const url = parsed(place);
      if (url === undefined || !/^(http|ws):$/.test(url.protocol)) continue;
      const { hostname } = url;
      if (isLoopback(hostname) || isNeighbour(hostname) || (place.kind !== 'lab' && isPrivate(hostname))) continue;
      yield {
        path: place.path,
        line: place.line,
        message: `${place.name} goes to ${hostname} without encryption.`,
        remedy: `Use ${url.protocol === 'ws:' ? 'wss' : 'https'}://, or a tunnel to an address of this machine.`,
      };
    }
  },
};

const originOf = ({ protocol, hostname, port }: URL): string =>
  `${protocol}//${isLoopback(hostname) || hostname === 'host.docker.internal' ? 'loopback' : hostname}:${port}`;

const notTheLab: Rule = {
  id: 'address-not-the-lab',
  family,
  severity: 'warning',
  title: 'What should be the lab’s address is another',
  *look(project, { labUrl }) {
    if (labUrl === undefined || !URL.canParse(labUrl)) return;
    const lab = originOf(new URL(labUrl));
    for (const place of addressPlaces(project)) {
      const url = place.kind === 'lab' ? parsed(place) : undefined;
      if (url === undefined || originOf(url) === lab || isNeighbour(url.hostname.replace('localhost', 'a.b'))) continue;
      yield {
        path: place.path,
        line: place.line,
        message: `${place.name} is ${url.origin}; this lab is ${labUrl}.`,
        remedy: `Write ${labUrl}, unless the project is another lab’s.`,
      };
    }
  },
};

/** Addresses that are asked for one project. */
const ASKED_MAX = 20;

const silent: Rule = {
  id: 'address-silent',
  family,
  severity: 'warning',
  title: 'An address that does not answer',
  async look(project, { answers }) {
    if (answers === undefined) return [];
    const places = addressPlaces(project)
      .filter((place) => place.kind !== 'other' && /^https?:/.test(parsed(place)?.protocol ?? ''))
      .filter((place) => !isNeighbour((parsed(place)?.hostname ?? '').replace('localhost', 'a.b')));
    const urls = [...new Set(places.map(({ url }) => url))].slice(0, ASKED_MAX);
    const replies = new Map(await Promise.all(urls.map(async (url) => [url, await answers(url)] as const)));
    return places
      .filter(({ url }) => replies.get(url) === false)
      .map(({ path, line, name, url }) => ({
        path,
        line,
        message: `${name}: nothing answers at ${new URL(url).origin}.`,
        remedy: 'Start what should be there, or correct the address.',
      }));
  },
};

export const addressRules: readonly Rule[] = [malformed, notEncrypted, notTheLab, silent];
