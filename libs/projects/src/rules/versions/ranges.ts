// Ranges of versions: whether anything can be in them.
import { satisfies } from '@renovatebot/pep440';
import semver from 'semver';

/** One of npm's that is a range, and not a tag, an address or a path. */
export const isNpmRange = (range: string): boolean => semver.validRange(range) !== null && !/^[a-z]+:/.test(range);

/** False for `>=2 <1`. */
export const npmRangeHolds = (range: string): boolean => semver.minVersion(range) !== null;

const VERSION = /\d+(?:\.\d+)*(?:\.\*)?(?:[a-z]+\d*)?/g;

/** A clause's own versions, and those just beside them: if any version satisfies all clauses, one of these does. */
function candidates(range: string): string[] {
  return [...range.matchAll(VERSION)].flatMap(([written]) => {
    const version = written.replace(/\.\*$/, '');
    const numbers = /^\d+(\.\d+)*/.exec(version)?.[0] ?? version;
    const parts = numbers.split('.').map(Number);
    const below = parts.map((part, index) => (index === parts.length - 1 ? Math.max(0, part - 1) : part)).join('.');
    return [version, `${numbers}.0`, `${numbers}.1`, `${numbers}.0.1`, `${below}.999`, below, '0'];
  });
}

/** False for `>=2,<1`. An exact version of any form holds. */
export const pythonRangeHolds = (range: string): boolean =>
  range === '' ||
  range.includes('===') ||
  candidates(range).some((version) => satisfies(version, range, { prereleases: true }));

/** Whether some version of a series, such as `3.12` or `24`, is in a range of Python. */
export const pythonSeriesIn = (series: string, range: string): boolean => {
  const parts = series.split('.');
  const versions =
    parts.length >= 3
      ? [series]
      : Array.from({ length: 40 }, (_, last) =>
          parts.length === 2 ? `${series}.${last}` : [`${series}.${last}.0`, `${series}.${last}.99`],
        ).flat();
  return versions.some((version) => satisfies(version, range, { prereleases: true }));
};

export const nodeSeriesIn = (series: string, range: string): boolean => semver.intersects(series, range);
