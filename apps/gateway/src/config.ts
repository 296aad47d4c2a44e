// The gateway's settings, read once. The only reader of the environment here.
import { readSettings, setting } from '@labmesh/runtime/config';
import { z } from 'zod';

export const GATEWAY_CONFIG = Symbol('GATEWAY_CONFIG');

export interface GatewayConfig {
  /** Largest upload, bytes. */
  readonly uploadBytesMax: number;
  /** Uploads of one wallet that no agent has taken over yet. */
  readonly uploadsPerWallet: number;
}

const GIB = 1_024 ** 3;
const UPLOADS_PER_WALLET = 32;

const number = (most: number, without: number, description: string) =>
  setting(z.coerce.number().int().min(1).max(most).default(without), { without: `\`${without}\``, description });

export const GATEWAY_SETTINGS = z.object({
  LABMESH_UPLOAD_BYTES_MAX: number(1_024 * GIB, 10 * GIB, 'Largest upload, bytes ([data-plane.md](data-plane.md)).'),
  LABMESH_UPLOADS_PER_WALLET: number(
    1_000,
    UPLOADS_PER_WALLET,
    'Uploads of one wallet that are not finished, or that no agent has taken over.',
  ),
});

/** @throws AppError invalid_input naming each setting that is wrong. */
export function readGatewayConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const set = readSettings(GATEWAY_SETTINGS, env);
  return Object.freeze({
    uploadBytesMax: set.LABMESH_UPLOAD_BYTES_MAX,
    uploadsPerWallet: set.LABMESH_UPLOADS_PER_WALLET,
  });
}
