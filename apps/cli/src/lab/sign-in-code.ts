// The code of a one-time sign-in link, for whoever just started a lab. It loads what no other command waits for.
import { sentinel } from '@labmesh/contracts';
import { Lab, type LabOptions } from './lab.js';

/** @throws AppError as a call does */
export async function signInCode(options: LabOptions): Promise<string> {
  const lab = new Lab(options);
  try {
    return (await lab.use(sentinel, 'create_sign_in_link', {})).code;
  } finally {
    await lab.close();
  }
}
