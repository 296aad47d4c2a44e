// Where clients look for a sign-in (RFC 7591) once their key was refused. The lab has none; but many clients show what is answered
// here, and not the refusal that sent them, so it is said again.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, ERROR_CODES } from '@labmesh/contracts';
import { sendJson } from '@labmesh/runtime';
import { type CallerDoor, challengeFor } from './caller-door.js';

/** Where clients register with a server of whose metadata they found none. */
export const REGISTRATION_PATH = '/register';

const NO_SIGN_IN =
  'This lab has no sign-in for programs to register with: give the client a key, which it sends as "Authorization: Bearer <key>". Make one with sentinel_generate_wallet_token';

/** Answers why the key that came along was refused, in the words of OAuth 2 and in the lab's own. @throws as `CallerDoor.identify` */
export async function refuseRegistration(door: CallerDoor, req: IncomingMessage, res: ServerResponse): Promise<void> {
  req.resume();
  const found = req.headers.authorization === undefined ? undefined : await door.recognise(req);
  const refused = found instanceof AppError ? found : new AppError('not_found', NO_SIGN_IN);
  const { code, message, details } = refused.toShape();
  const error = found instanceof AppError ? 'invalid_token' : 'access_denied';
  const body = { error, error_description: message, code, message, ...(details === undefined ? {} : { details }) };
  const challenge = found instanceof AppError ? { 'www-authenticate': challengeFor(req, found) } : {};
  sendJson(res, ERROR_CODES[code].http, body, challenge as Record<string, string>);
}
