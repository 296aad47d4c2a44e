// Hosts from whose repositories files may be taken, as a setting lists them.
import { z } from 'zod';

/** A host, and its port where one was named. */
export interface GitHost {
  readonly host: string;
  readonly port: string;
}

export const GitHosts = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim().toLowerCase()))
  .refine(
    (entries) => entries.every((entry) => /^[a-z0-9.-]+(:\d{1,5})?$/.test(entry)),
    'must be hosts separated by commas, such as github.com or git.lab.example:8443',
  )
  .transform((entries) =>
    entries.map((entry): GitHost => {
      const [host = '', port = ''] = entry.split(':');
      return { host, port };
    }),
  );
