// Statements that come again, on a server.
import { describe } from 'vitest';
import { preparedSuite } from './prepared-statements.testing.js';
import { onServer } from './suite.testing.js';

describe('statements that come again, on a server', () => {
  preparedSuite(onServer((database) => ({ database })));
});
