// Queries that were run in this tab, newest first. They go with the tab, as the sign-in does.
const KEY = 'labmesh.queries';
const MOST = 20;

export function earlierQueries(): readonly string[] {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string').slice(0, MOST) : [];
  } catch {
    return []; // storage is switched off, or holds something else
  }
}

export function rememberQuery(sql: string): readonly string[] {
  const queries = [sql, ...earlierQueries().filter((each) => each !== sql)].slice(0, MOST);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(queries));
  } catch {
    // the history then lasts as long as the view
  }
  return queries;
}
