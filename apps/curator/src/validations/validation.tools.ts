// The Curator's tools for validations: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { curatorParts, Handlers } from '@labmesh/contracts';
import { Claims } from './claims.js';
import { Reporting } from './reporting.js';

export const validationHandlers = (
  claims: Claims,
  reporting: Reporting,
): Handlers<typeof curatorParts.validations> => ({
  request_validation: (input, call) => claims.request(input, call),
  list_validations: (input, call) => claims.list(input, call),
  get_validation: (input, call) => claims.get(input, call),
  report_validation: (input, call) => reporting.report(input, call),
  cancel_validation: (input, call) => claims.cancel(input, call),
});

export const validationTools = handlersOf([Claims, Reporting], validationHandlers);
