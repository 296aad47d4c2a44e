// The Librarian's tools for solutions: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { Logbook } from './logbook.js';
import { SolutionList } from './solution-list.js';
import { Standing } from './standing.js';

export const solutionTools = handlersOf(
  [Logbook, SolutionList, Standing],
  (logbook, list, standing): Handlers<typeof librarianParts.solutions> => ({
    log_new_solution: (input, call) => logbook.log(input, call),
    list_solutions: (input, call) => list.list(input, call),
    vote_solution: (input, call) => standing.vote(input, call.principal),
    accept_solution: (input, call) => standing.accept(input, call.principal),
  }),
);
