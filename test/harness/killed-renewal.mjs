// Loaded before the processes of a test that renew a sign-in: the first that comes there ends as by kill -9, at the moment that
// LABMESH_TEST_KILLED names: `asking`, before its request leaves, or `answered`, when the lab has answered and nothing is kept yet.
import { openSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

const { LABMESH_TEST_KILLED: moment, LABMESH_TEST_MARK: mark } = process.env;
const { request } = http;

const first = () => {
  try {
    openSync(mark, 'wx');
    return true;
  } catch {
    return false;
  }
};

http.request = (address, ...rest) => {
  if (String(address.pathname ?? '') !== '/token') return request(address, ...rest);
  if (moment === 'asking' && first()) process.kill(process.pid, 'SIGKILL');
  const asked = request(address, ...rest);
  if (moment === 'answered')
    asked.prependListener('response', () => {
      if (first()) process.kill(process.pid, 'SIGKILL');
    });
  return asked;
};
syncBuiltinESMExports();
