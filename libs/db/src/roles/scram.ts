// What PostgreSQL keeps of a password (RFC 5802 and 7677): whoever has it can check the password, and never log in with it.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** As PostgreSQL counts; passwords made here are random, and need no more. */
const ITERATIONS = 4_096;
const SALT_BYTES = 16;

/**
 * @param password of printable ASCII, which needs no normalization
 * @param salt left out, it follows from the password: the same every time, and telling nothing of a random password
 */
export function scramVerifier(password: string, salt = ownSalt(password)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const server = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const ownSalt = (password: string): Buffer => hmac(Buffer.from(password), 'LabMesh salt').subarray(0, SALT_BYTES);
