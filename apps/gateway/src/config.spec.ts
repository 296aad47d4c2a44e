// The gateway's own settings: what holds without them, and what is refused.
import { expect, it } from 'vitest';
import { readGatewayConfig } from './config.js';

it('takes 10 GiB and 32 uploads of a wallet unless told otherwise', () => {
  const standard = { uploadBytesMax: 10_737_418_240, uploadsPerWallet: 32 };
  expect(readGatewayConfig({})).toEqual(standard);
  expect(readGatewayConfig({ LABMESH_UPLOAD_BYTES_MAX: '' })).toEqual(standard);
  expect(readGatewayConfig({ LABMESH_UPLOAD_BYTES_MAX: '1000', LABMESH_UPLOADS_PER_WALLET: '1' })).toEqual({
    uploadBytesMax: 1_000,
    uploadsPerWallet: 1,
  });
  expect(Object.isFrozen(readGatewayConfig({}))).toBe(true);
});

it.each(['LABMESH_UPLOAD_BYTES_MAX', 'LABMESH_UPLOADS_PER_WALLET'])('%s must be a number above 0', (name) => {
  for (const value of ['0', '-1', '1.5', 'much', '9'.repeat(20)])
    expect(() => readGatewayConfig({ [name]: value }), value).toThrow(name);
});
