// What somebody wants to follow of the audit log, from the address and the headers of a request.
import type { IncomingMessage } from 'node:http';
import { AuditFollowing } from '@labmesh/contracts';
import { z } from 'zod';
import { askedOf } from '../live/asked.js';

const Asked = z.strictObject(AuditFollowing.shape);

/** @throws AppError invalid_input saying which parameter is wrong and what there is */
export const followingOf = (request: Pick<IncomingMessage, 'url' | 'headers'>): AuditFollowing =>
  askedOf(request, { schema: Asked, cursor: 'after', what: 'follow the audit log' });
