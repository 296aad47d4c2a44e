// What a client says of the file it brings: a name, a type, the hash it must have. All words of a stranger, so each has a form;
// what else it says is not kept. Whose the upload is, the gateway says.
import { UPLOAD_METADATA } from '@labmesh/blobs';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

const NAME_MAX = 255;
const TYPE_MAX = 255;

const FileName = z
  .string()
  .min(1)
  .max(NAME_MAX)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  .regex(/^[^\u0000-\u001f\u007f-\u009f]+$/u, 'must have no control characters')
  .refine((name) => !/\p{Surrogate}/u.test(name), 'must be whole characters');
const FileType = z
  .string()
  .max(TYPE_MAX)
  .regex(
    /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: ?; ?[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|"[\w !#$&^.+-]*"))*$/,
    'must look like text/csv',
  );

/** By what clients call them: `name` and `type` where they have no other. */
const Said = z.object({
  filename: FileName.optional(),
  filetype: FileType.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in small letters')
    .optional(),
});
export type FileSaid = z.output<typeof Said>;

/** @throws AppError invalid_input naming what is wrong */
export function saidOf(metadata: Readonly<Record<string, string | null>> = {}): FileSaid {
  const { filename = metadata.name, filetype = metadata.type, sha256 } = metadata;
  const said = Said.safeParse({
    filename: filename || undefined,
    filetype: filetype || undefined,
    sha256: sha256 ?? undefined,
  });
  if (said.success) return said.data;
  const wrong = said.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  throw new AppError('invalid_input', `Cannot begin the upload: Upload-Metadata: ${wrong}`);
}

/** As it lies beside the bytes. */
export const keptOf = ({ filename, filetype, sha256 }: FileSaid, walletId: string): Record<string, string> => ({
  [UPLOAD_METADATA.wallet]: walletId,
  ...(filename === undefined ? {} : { [UPLOAD_METADATA.name]: filename }),
  ...(filetype === undefined ? {} : { [UPLOAD_METADATA.mediaType]: filetype }),
  ...(sha256 === undefined ? {} : { sha256 }),
});
