// Where in S3 the lab's bytes are, and the client that asks there. Who asks, AWS's own chain knows: environment, profile, the machine's role.
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { AppError } from '@labmesh/contracts';

export interface S3Place {
  readonly bucket: string;
  /** Begins all names; empty, or ends with a slash. */
  readonly prefix: string;
  readonly endpoint?: string;
  readonly region?: string;
}

const CONNECT_MS = 5_000;
/** A connection that says nothing for so long is given up. */
const SILENT_MS = 60_000;
const SOCKETS_MAX = 256;
const OTHER_SERVERS_REGION = 'us-east-1';

/** @throws AppError invalid_input, which never says what else is in the address */
export function s3Place(url: URL): S3Place {
  const { hostname, pathname, searchParams, username, password, hash, port } = url;
  const unknown = [...searchParams.keys()].filter((name) => name !== 'endpoint' && name !== 'region');
  if (hostname === '' || port !== '' || username !== '' || password !== '' || hash !== '' || unknown.length > 0)
    throw wrong('s3://bucket/prefix, with ?region= and &endpoint= where needed, and without keys');
  const endpoint = searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\/[^/?#@]+\/?$/.test(endpoint)) throw wrong('endpoint=http://host:port');
  const region = searchParams.get('region') ?? undefined;
  const prefix = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, '');
  return {
    bucket: hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  };
}

const wrong = (looks: string): AppError =>
  new AppError('invalid_input', `Cannot open the place for bytes: BLOBS_URL must look like ${looks}.`);

export function s3Client({ endpoint, region }: S3Place): S3Client {
  const config: S3ClientConfig = {
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      httpAgent: { maxSockets: SOCKETS_MAX },
      httpsAgent: { maxSockets: SOCKETS_MAX },
    },
    // Buckets are names of hosts at AWS, and seldom elsewhere.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined ? (endpoint === undefined ? {} : { region: OTHER_SERVERS_REGION }) : { region }),
  };
  return new S3Client(config);
}
