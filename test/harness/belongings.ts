// One wallet's belongings of every kind that the lab keeps, each with a word in it that nothing else has.
import type { LabClient } from '@labmesh/testing';
import type { Lab } from './lab-under-test.js';

export interface Belongings {
  readonly walletId: string;
  readonly datasetId: string;
  /** About a dataset of the wallet’s that it shared, which has ended: nobody else had a part in it. */
  readonly validationId: string;
  readonly tokenId: string;
  readonly keyHash: string;
  readonly refreshToken: string;
  readonly encrypted: string;
  readonly transactionId: string;
  /** Money the owner has set aside for the operator. */
  readonly holdId: string;
  readonly stakeId: string;
  /** Where a page of the owner's history goes on. */
  readonly historyCursor: string;
  readonly leafHash: string;
  readonly callId: string;
  /** The same of the datasets they may read. */
  readonly datasetCursor: string;
  /** A job of the wallet, and where a page of its jobs goes on. */
  readonly jobId: string;
  readonly jobCursor: string;
  readonly arrayId: string;
  /** Two projects; their archive, and where a page of them goes on. */
  readonly projectId: string;
  readonly archiveBlob: string;
  readonly projectCursor: string;
  /** A collection of documents, and where its document came from. */
  readonly collectionId: string;
  readonly sourceId: string;
  /** A solution the wallet logged, which is for everybody. */
  readonly solution: string;
  /** A conversation, and its first message. */
  readonly conversationId: string;
  readonly messageId: string;
}

export interface Person {
  readonly walletId: string;
  readonly client: LabClient;
}

/** No answer to anybody else holds this. */
export const PRIVATE = 'quinquireme';
/** What the owner paid, an amount like no other. */
export const AMOUNT = '31.415926';

/** Opens a researcher's wallet and connects with a key of it. */
export async function newcomer(lab: Lab, operator: LabClient, label: string): Promise<Person> {
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
    role: 'researcher',
    label,
  });
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
    walletId,
    kind: 'client_key',
  });
  return { walletId, client: await lab.connect(token) };
}

export async function belongingsOf({ walletId, client }: Person, operator: LabClient): Promise<Belongings> {
  const call = async (tool: string, args: object = {}) => client.call<Record<string, never>>(tool, { ...args });
  const submit = async (name: string) =>
    call('curator_submit_dataset', { name, description: PRIVATE, format: 'csv', content: `word\n${PRIVATE}\n` });
  const { dataset } = await submit(`${PRIVATE} one`);
  await submit(`${PRIVATE} two`);
  const { nextCursor } = await call('curator_list_available_datasets', { limit: 1 });
  const { validation } = await call('curator_request_validation', {
    ...{ title: PRIVATE, datasetId: datasetOf(dataset), version: 1, method: PRIVATE, metric: 'words', claimed: '1' },
    ...{ tolerance: '0', shareData: true },
  });
  const validationId = (validation as unknown as { validationId: string }).validationId;
  await call('curator_cancel_validation', { validationId });
  const key = await call('sentinel_generate_wallet_token', { kind: 'client_key', label: PRIVATE });
  const { refreshToken } = await call('sentinel_generate_wallet_token', { refreshable: true });
  const { encrypted } = await call('sentinel_encrypt_data', { data: PRIVATE });
  const operatorWallet = await operator.call<{ walletId: string }>('chancellor_get_balance');
  await operator.call('chancellor_execute_transaction', {
    to: walletId,
    amount: '100',
    idempotencyKey: `pay ${walletId}`,
  });
  const { transactionId } = await call('chancellor_execute_transaction', {
    to: operatorWallet.walletId,
    amount: AMOUNT,
    memo: PRIVATE,
    idempotencyKey: `back ${walletId}`,
  });
  const { holdId } = await call('chancellor_hold_transaction', {
    to: operatorWallet.walletId,
    amount: '1',
    memo: PRIVATE,
    idempotencyKey: `hold ${walletId}`,
  });
  const { stakeId } = await call('chancellor_stake', { amount: '1', lockDays: 0, idempotencyKey: `stake ${walletId}` });
  const { nextBefore } = await call('chancellor_get_balance', { limit: 1 });
  // They wait for a third of their gang, which never comes: nothing of the wallet's changes meanwhile.
  const waiting = {
    command: ['true'],
    network: true,
    gang: { name: 'never', size: 3 },
    // All three would fit on any machine: one that could never be whole is refused.
    resources: { cpus: 0.1, memoryMb: 64, wallSeconds: 60 },
  };
  for (const which of ['one', 'two'])
    await call('mechanic_orchestrate_training_job', { name: `${PRIVATE} ${which}`, ...waiting });
  const { jobs: listed, nextCursor: jobCursor } = await call('mechanic_list_jobs', { limit: 1 });
  // Nor does that, which waits for one of them.
  const { array } = await call('mechanic_orchestrate_training_job', {
    ...{ name: `${PRIVATE} array`, command: ['true'], network: true, array: { count: 1 } },
    after: [{ jobId: (listed as unknown as Array<{ jobId: string }>)[0]?.jobId }],
  });
  const archived = { template: 'gateway-vial', place: 'archive' };
  const { project } = await call('architect_instantiate_template', { name: `${PRIVATE}-one`, ...archived });
  await call('architect_instantiate_template', { name: `${PRIVATE}-two`, ...archived });
  const { nextCursor: projectCursor } = await call('architect_list_projects', { limit: 1 });
  const { file } = await call('librarian_log_new_solution', { title: 'For all', problem: 'none', solution: 'shared' });
  const { collectionId, sourceId } = await call('librarian_ingest_source', {
    collection: 'words',
    text: { name: 'words.md', content: `# ${PRIVATE}\n\nIn the solar flare dataset is ${PRIVATE}.\n` },
  });
  const [conversationId, messageId] = [crypto.randomUUID(), crypto.randomUUID()];
  await call('librarian_add_messages', {
    conversationId,
    messages: [{ messageId, parentId: null, role: 'user', parts: [{ type: 'text', text: `What is ${PRIVATE}?` }] }],
  });
  const { _meta } = await client.client.callTool({ name: 'chancellor_get_balance', arguments: {} });
  const receipt = _meta?.['labmesh/receipt'] as { leafHash: string } | undefined;
  return {
    walletId,
    datasetId: datasetOf(dataset),
    validationId,
    tokenId: String(key.tokenId),
    keyHash: (await fingerprinted(String(key.token))).toString('hex'),
    refreshToken: String(refreshToken),
    encrypted: String(encrypted),
    transactionId: String(transactionId),
    holdId: String(holdId),
    stakeId: String(stakeId),
    historyCursor: String(nextBefore),
    leafHash: receipt?.leafHash ?? '',
    callId: await callIdOf(operator, walletId),
    datasetCursor: String(nextCursor),
    jobId: (listed as unknown as Array<{ jobId: string }>)[0]?.jobId ?? '',
    jobCursor: String(jobCursor),
    arrayId: (array as unknown as { arrayId: string }).arrayId,
    projectId: (project as unknown as { projectId: string }).projectId,
    archiveBlob: (project as unknown as { archive: { blobId: string } }).archive.blobId,
    projectCursor: String(projectCursor),
    collectionId: String(collectionId),
    sourceId: String(sourceId),
    solution: String(file),
    conversationId,
    messageId,
  };
}

const datasetOf = (dataset: unknown): string => (dataset as { datasetId: string }).datasetId;

async function fingerprinted(token: string): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token)));
}

/** Reads leave their records within milliseconds, so the newest is waited for. */
async function callIdOf(operator: LabClient, walletId: string): Promise<string> {
  for (let turn = 0; turn < 100; turn += 1) {
    const { records } = await operator.call<{ records: Array<{ callId: string }> }>('sentinel_audit_query', {
      walletId,
      tool: 'get_balance',
    });
    if (records[0] !== undefined) return records[0].callId;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no call of ${walletId} is in the audit log`);
}
