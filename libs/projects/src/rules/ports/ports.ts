// Ports that cannot be, that only root may open, that two want, or that the lab has.
import type { Rule } from '../rule.js';
import { portPlaces } from './port-places.js';

const family = 'Ports';
const PORT_MAX = 65_535;
const PRIVILEGED_BELOW = 1_024;
/** What a program of the project listens on; `SMTP_PORT` and the like are other machines'. */
const LISTENS = /^((HTTPS?|LISTEN|SERVER|WEB|APP)_)?PORT$|^--port$/i;

const outOfRange: Rule = {
  id: 'port-out-of-range',
  family,
  severity: 'error',
  title: 'A port is not between 0 and 65535',
  *look(project) {
    for (const { path, line, port, owner } of portPlaces(project))
      if (port < 0 || port > PORT_MAX)
        yield {
          path,
          line,
          message: `${owner}: there is no port ${port}.`,
          remedy: `Choose one from ${PRIVILEGED_BELOW} to ${PORT_MAX}.`,
        };
  },
};

const privileged: Rule = {
  id: 'port-privileged',
  family,
  severity: 'warning',
  title: 'A port below 1024, which only root may open on most systems',
  *look(project) {
    for (const { path, line, port, kind, owner } of portPlaces(project))
      if (port > 0 && port < PRIVILEGED_BELOW && (kind === 'host' || (kind === 'setting' && LISTENS.test(owner))))
        yield {
          path,
          line,
          message: `${owner} wants port ${port}, which only root may open on most systems.`,
          remedy: `Choose a port of ${PRIVILEGED_BELOW} or more, and let a proxy that is there have ${port}.`,
        };
  },
};

/** No address, 0.0.0.0 and :: are every address. */
const isEvery = (address: string): boolean => ['', '0.0.0.0', '::', '[::]'].includes(address);
const meets = (one: string, other: string): boolean => one === other || isEvery(one) || isEvery(other);

const twice: Rule = {
  id: 'port-twice',
  family,
  severity: 'error',
  title: 'Two services want one port of the machine',
  *look(project) {
    const places = portPlaces(project).filter(({ kind, port }) => kind === 'host' && port > 0);
    for (const [index, place] of places.entries()) {
      const earlier = places
        .slice(0, index)
        .find(
          ({ path, port, owner, address }) =>
            path === place.path && port === place.port && owner !== place.owner && meets(address, place.address),
        );
      if (earlier !== undefined)
        yield {
          path: place.path,
          line: place.line,
          message: `${place.owner} wants port ${place.port}, which ${earlier.owner} has (line ${earlier.line}).`,
          remedy: 'Give one of them another port on the left of the colon.',
        };
    }
  },
};

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

const ofTheLab: Rule = {
  id: 'port-of-the-lab',
  family,
  severity: 'warning',
  title: 'A port that the lab itself has on this machine',
  *look(project, { labUrl }) {
    if (labUrl === undefined || !URL.canParse(labUrl)) return;
    const lab = new URL(labUrl);
    if (!LOOPBACK.includes(lab.hostname) || lab.port === '') return;
    for (const { path, line, port, kind, owner } of portPlaces(project))
      if (port === Number(lab.port) && kind !== 'container' && !/^LABMESH_/.test(owner))
        yield {
          path,
          line,
          message: `${owner} wants port ${port}, which the lab at ${labUrl} has.`,
          remedy: 'Choose another port.',
        };
  },
};

export const portRules: readonly Rule[] = [outOfRange, privileged, twice, ofTheLab];
