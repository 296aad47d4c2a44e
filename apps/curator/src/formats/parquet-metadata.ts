// What a Parquet file written here says of itself, under one key of its metadata, so that it is read back exactly.
import { z } from 'zod';
import { Column } from '../schemas/columns.js';

export const METADATA_KEY = 'labmesh';

/** The columns in the order of the file; none when the rows have none. */
export const ParquetMetadata = z.object({ version: z.literal(1), columns: z.array(Column) });
export type ParquetMetadata = z.infer<typeof ParquetMetadata>;
