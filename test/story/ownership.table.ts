// For each public tool: what it is asked with another wallet's ids, and where an id of anybody may be given, why. A tool that is
// not here, or a member that looks like an id and is not, fails the walk: a new tool must say what it does with what is another's.
import type { Belongings } from '../harness/belongings.js';
import { librarianRows } from './ownership.librarian.js';
import { own, type Row, refused, SOMEBODYS } from './ownership.rows.js';

/** One of the form that anomalies have; they are nobody's but the operator's. */
const AN_ANOMALY = 'ano_01920000-0000-7000-8000-000000000001';

/** Of the form that proposals have, and nobody’s. */
const A_PROPOSAL = 'prop_01920000-0000-7000-8000-000000000001';

const A_RANGE = 'A time or number of the source’s own, and nobody’s.';
/** A dataset that comes with the lab. */
const FLARES = 'ds_donki-solar-flares-2016-2018';

export const ownershipTable = (a: Belongings): Readonly<Record<string, Row>> => ({
  curator_list_available_datasets: { theirs: { cursor: own({ cursor: a.datasetCursor }) }, plain: { limit: 200 } },
  curator_fetch_dataset: {
    theirs: { datasetId: refused({ datasetId: a.datasetId }) },
    shared: { from: A_RANGE, to: A_RANGE },
  },
  curator_get_dataset: { theirs: { datasetId: refused({ datasetId: a.datasetId }) } },
  curator_submit_dataset: {
    theirs: { uploadId: refused({ name: 'b', format: 'csv', uploadId: 'somebodys' }) },
    plain: { name: 'b', format: 'csv', content: 'x\n1\n' },
  },
  curator_update_dataset: {
    theirs: {
      datasetId: refused({ datasetId: a.datasetId, format: 'csv', content: 'x\n1\n' }),
      uploadId: refused({ datasetId: a.datasetId, format: 'csv', uploadId: 'somebodys' }),
    },
  },
  curator_withdraw_dataset: { theirs: { datasetId: refused({ datasetId: a.datasetId }) } },
  curator_validate_data_schema: {
    theirs: {
      datasetId: refused({ datasetId: a.datasetId }),
      like: refused({ datasetId: FLARES, like: a.datasetId }),
    },
  },
  curator_transform_data_format: { theirs: { datasetId: refused({ datasetId: a.datasetId, to: 'json' }) } },
  curator_query_dataset: {
    theirs: {
      data: refused({ data: a.datasetId, sql: 'SELECT * FROM data' }),
      datasets: refused({ datasets: { theirs: a.datasetId }, sql: 'SELECT * FROM theirs' }),
      cursor: refused({ data: a.datasetId, sql: 'SELECT 1', cursor: a.datasetCursor }),
    },
  },
  curator_list_routes: { shared: { routeId: 'Routes are the lab’s, and of its own datasets alone.' }, plain: {} },
  curator_set_route: {
    shared: { routeId: 'The operator’s to set, and nobody’s own.', to: 'The name of an agent.' },
    plain: { name: 'b', to: 'librarian' },
  },
  curator_list_sources: { plain: {} },
  curator_get_source: { plain: { source: 'nasa-donki' } },
  curator_add_source: { plain: { manifest: 'manifest: 1' } },
  curator_remove_source: { plain: { source: 'nasa-donki' } },
  curator_set_source_key: { plain: { source: 'nasa-donki' } },
  curator_test_source: { shared: { from: A_RANGE, to: A_RANGE }, plain: { source: 'nasa-donki' } },
  curator_fetch_source: {
    shared: { from: A_RANGE, to: A_RANGE },
    plain: { source: 'nasa-donki', stream: 'no-such-stream' },
  },
  curator_get_imagery: { plain: { source: 'nasa-gibs', image: 'no-such-picture' } },
  curator_request_validation: {
    theirs: {
      datasetId: refused({
        ...{ title: 'not mine', datasetId: a.datasetId, version: 1, method: 'none', metric: 'm' },
        ...{ claimed: '1', tolerance: '0' },
      }),
    },
  },
  curator_list_validations: {
    theirs: { cursor: own({ which: 'asked', cursor: a.validationId }) },
    plain: { which: 'open' },
  },
  curator_get_validation: { theirs: { validationId: refused({ validationId: a.validationId }) } },
  curator_report_validation: {
    theirs: {
      validationId: refused({
        ...{ validationId: a.validationId, measured: '1', rows: 1, datasetSha256: 'a'.repeat(64) },
      }),
    },
  },
  curator_cancel_validation: { theirs: { validationId: refused({ validationId: a.validationId }) } },
  curator_save_query: {
    theirs: {
      data: refused({ data: a.datasetId, sql: 'SELECT * FROM data', name: 'x' }),
      datasets: refused({ datasets: { theirs: a.datasetId }, sql: 'SELECT * FROM theirs', name: 'x' }),
    },
  },
  curator_profile_dataset: { theirs: { datasetId: refused({ datasetId: a.datasetId }) } },
  curator_infer_schema: { theirs: { datasetId: refused({ datasetId: a.datasetId }) } },
  curator_compare_datasets: {
    theirs: {
      before: refused({ before: a.datasetId, after: FLARES }),
      after: refused({ before: FLARES, after: a.datasetId }),
    },
  },
  sentinel_generate_wallet_token: { theirs: { walletId: refused({ walletId: a.walletId }) }, plain: {} },
  sentinel_refresh_token: {
    shared: { refreshToken: 'It is the proof itself: whoever holds it is its wallet. It never leaves its owner.' },
  },
  sentinel_revoke_token: {
    theirs: { tokenId: refused({ tokenId: a.tokenId }), walletId: refused({ walletId: a.walletId }) },
  },
  sentinel_list_tokens: {
    theirs: { walletId: refused({ walletId: a.walletId }), cursor: own({ cursor: a.tokenId, all: true }) },
    plain: { all: true },
  },
  sentinel_find_tokens: {
    theirs: { hashes: own({ hashes: [a.keyHash] }), tokenIds: own({ tokenIds: [a.tokenId] }) },
  },
  sentinel_create_sign_in_link: { plain: {} },
  sentinel_audit_log_stream: { theirs: { walletId: refused({ walletId: a.walletId }) }, plain: {} },
  sentinel_audit_query: {
    theirs: {
      walletId: refused({ walletId: a.walletId }),
      callId: refused({ callId: a.callId }),
      before: refused({ before: '999999' }),
    },
  },
  sentinel_audit_proof: {
    theirs: { leafHash: refused({ leafHash: a.leafHash }), callId: refused({ callId: a.callId }) },
  },
  sentinel_audit_heads: { plain: {} },
  sentinel_audit_verify: { plain: {} },
  sentinel_encrypt_data: { theirs: { encrypted: refused({ encrypted: a.encrypted }) }, plain: { data: 'b' } },
  sentinel_decrypt_data: { theirs: { encrypted: refused({ encrypted: a.encrypted }) } },
  sentinel_rotate_keys: { plain: {} },
  sentinel_anomaly_report: {
    theirs: { walletId: refused({ walletId: a.walletId }), before: refused({ before: AN_ANOMALY }) },
    plain: {},
  },
  sentinel_resolve_anomaly: {
    theirs: { anomalyId: refused({ anomalyId: AN_ANOMALY, verdict: 'handled' }) },
  },
  sentinel_scan_for_anomalies: {
    theirs: { walletId: refused({ walletId: a.walletId, from: '2027-01-01T00:00:00Z' }) },
    plain: { from: '2027-01-01T00:00:00Z' },
  },
  sentinel_set_policy: { plain: { policy: {}, note: 'mine' } },
  sentinel_list_policies: { theirs: { before: refused({ before: 1 }) }, plain: {} },
  sentinel_set_role: { theirs: { walletId: refused({ walletId: a.walletId, role: 'citizen' }) } },
  sentinel_explain_access: {
    theirs: { walletId: refused({ walletId: a.walletId, tool: 'curator_fetch_dataset' }) },
    plain: { tool: 'curator_fetch_dataset' },
  },
  chancellor_create_boilerplate_wallet: { plain: { role: 'citizen' } },
  chancellor_get_balance: {
    theirs: { walletId: refused({ walletId: a.walletId }), before: own({ before: a.historyCursor }) },
    plain: {},
  },
  chancellor_export_statement: { theirs: { walletId: refused({ walletId: a.walletId }) }, plain: {} },
  chancellor_list_holds: { theirs: { walletId: refused({ walletId: a.walletId }) }, plain: {} },
  chancellor_get_wallet: { theirs: { walletId: refused({ walletId: a.walletId }) }, plain: {} },
  chancellor_list_wallets: { theirs: { cursor: refused({ cursor: a.walletId }) }, plain: {} },
  chancellor_list_wallet_templates: { plain: {} },
  chancellor_freeze_wallet: { theirs: { walletId: refused({ walletId: a.walletId, reason: 'mine' }) } },
  chancellor_unfreeze_wallet: { theirs: { walletId: refused({ walletId: a.walletId, reason: 'mine' }) } },
  chancellor_close_wallet: { theirs: { walletId: refused({ walletId: a.walletId, reason: 'mine' }) } },
  chancellor_verify_ledger: { plain: {} },
  chancellor_execute_batch: {
    // More than what b has, whose own dataset is paid for by then.
    plain: { transfers: [{ to: a.walletId, amount: '1000', idempotencyKey: 'a batch of b’s' }] },
  },
  chancellor_reverse_transaction: {
    theirs: { transactionId: refused({ transactionId: a.transactionId, idempotencyKey: 'not mine to reverse' }) },
  },
  chancellor_hold_transaction: {
    shared: { to: 'Everybody may be promised something. The answer says nothing of what they hold.' },
  },
  chancellor_capture_hold: {
    theirs: { holdId: refused({ holdId: a.holdId, idempotencyKey: 'not mine to capture' }) },
  },
  chancellor_release_hold: {
    theirs: { holdId: refused({ holdId: a.holdId, idempotencyKey: 'not mine to release' }) },
  },
  chancellor_execute_transaction: {
    theirs: { from: refused({ from: a.walletId, to: a.walletId, amount: '1', idempotencyKey: 'not my money' }) },
    shared: { to: 'Everybody may be paid. The answer says nothing of what they hold.' },
  },
  chancellor_propose_dao_governance: {
    shared: { proposalId: 'Proposals are for everybody to see.' },
  },
  chancellor_cast_vote: { shared: { proposalId: 'Everybody may vote, each with their own power.' } },
  chancellor_delegate_votes: {
    shared: { to: 'Everybody may be trusted with a vote. The answer says nothing of them.' },
  },
  chancellor_cancel_proposal: {
    theirs: { proposalId: refused({ proposalId: A_PROPOSAL }) },
  },
  chancellor_queue_proposal: { shared: { proposalId: 'Whoever comes first queues what has passed.' } },
  chancellor_execute_proposal: { shared: { proposalId: 'Whoever comes first executes what is queued.' } },
  chancellor_list_proposals: { shared: { cursor: 'A proposal’s id, and those are for everybody to see.' }, plain: {} },
  chancellor_get_parameters: { plain: {} },
  chancellor_set_parameters: {},
  chancellor_enable_dao: {},
  chancellor_stake: {},
  chancellor_unstake: {
    theirs: { stakeId: refused({ stakeId: a.stakeId, idempotencyKey: 'not my stake' }) },
  },
  chancellor_get_stakes: {
    theirs: { walletId: refused({ walletId: a.walletId }), cursor: own({ cursor: a.stakeId, all: true }) },
    plain: { all: true },
  },
  chancellor_distribute_rewards: {},
  chancellor_fund_rewards: {},
  chancellor_preview_rewards: {
    theirs: { walletId: refused({ walletId: a.walletId }), cursor: own({ cursor: '999999' }) },
    plain: {},
  },
  chancellor_list_reward_rules: { plain: {} },
  architect_list_available_templates: { plain: {} },
  architect_instantiate_template: {
    plain: { template: 'gateway-vial', name: 'theirs-one', place: 'archive', dryRun: true },
  },
  architect_list_projects: { theirs: { cursor: own({ cursor: a.projectCursor }) }, plain: {} },
  architect_get_project: { theirs: { projectId: refused({ projectId: a.projectId }) } },
  architect_check_updates: {
    theirs: {
      projectId: refused({ projectId: a.projectId }),
      uploadId: refused({ projectId: a.projectId, uploadId: SOMEBODYS }),
    },
    plain: {},
  },
  architect_update_project: {
    theirs: {
      projectId: refused({ projectId: a.projectId }),
      uploadId: refused({ projectId: a.projectId, uploadId: SOMEBODYS }),
    },
  },
  architect_delete_project: { theirs: { projectId: refused({ projectId: a.projectId }) } },
  architect_read_project_secrets: { theirs: { projectId: refused({ projectId: a.projectId }) } },
  architect_publish_template: { theirs: { uploadId: refused({ uploadId: SOMEBODYS }) } },
  architect_get_template_readme: { plain: { name: 'data-scientist-vial' } },
  architect_validate_project_config: {
    theirs: {
      projectId: refused({ projectId: 'prj_01920000-0000-7000-8000-000000000001' }),
      uploadId: refused({ uploadId: SOMEBODYS }),
    },
    plain: { files: [{ path: 'a.txt', text: 'b' }] },
  },
  mechanic_get_system_health: { plain: {} },
  mechanic_orchestrate_training_job: {
    theirs: {
      files: refused({ name: 'b', command: ['true'], files: [{ path: 'a', datasetId: a.datasetId }], dryRun: false }),
      after: refused({ name: 'b', command: ['true'], after: [{ jobId: a.jobId }] }),
    },
    shared: { submissionId: 'A name of the caller’s own: another wallet’s is another submission.' },
  },
  mechanic_get_job: { theirs: { jobId: refused({ jobId: a.jobId }) } },
  mechanic_list_jobs: {
    theirs: {
      owner: refused({ owner: a.walletId }),
      arrayId: refused({ arrayId: a.arrayId }),
      cursor: own({ cursor: a.jobCursor }),
    },
    plain: { limit: 100 },
  },
  mechanic_cancel_job: { theirs: { jobId: refused({ jobId: a.arrayId }) } },
  mechanic_retry_job: {
    theirs: { jobId: refused({ jobId: a.jobId }) },
    shared: { submissionId: 'A name of the caller’s own: another wallet’s is another submission.' },
  },
  mechanic_why_pending: { theirs: { jobId: refused({ jobId: a.jobId }) } },
  mechanic_stream_logs: {
    theirs: { jobId: refused({ jobId: a.jobId }), cursor: refused({ jobId: a.jobId, cursor: '1:0' }) },
  },
  mechanic_list_artifacts: {
    theirs: { jobId: refused({ jobId: a.jobId }), cursor: refused({ jobId: a.jobId, cursor: 'YQ' }) },
  },
  mechanic_get_artifact: { theirs: { jobId: refused({ jobId: a.jobId, path: 'model.bin' }) } },
  mechanic_list_nodes: { plain: {} },
  mechanic_drain_node: { plain: { node: 'nowhere' } },
  mechanic_set_prices: { plain: {} },
  mechanic_generate_prometheus_yaml: { plain: {} },
  mechanic_automated_recovery: { plain: {} },
  ...librarianRows(a),
  search_tools: { plain: { query: 'read a dataset' } },
  describe_tool: { plain: { name: 'curator_fetch_dataset' } },
});

/** Every resource: the addresses of what is another's, or why anybody may read all of them. */
export const resourceTable = (
  a: Belongings,
): Readonly<Record<string, { theirs: Readonly<Record<string, string>> } | { shared: string }>> => ({
  'dataset://{id}': { theirs: { id: a.datasetId } },
  'dataset://{id}/versions/{version}': { theirs: { id: a.datasetId, version: '1' } },
  'wallet://{id}': { theirs: { id: a.walletId } },
  'jobs://{id}': { theirs: { id: a.walletId } },
  'projects://{id}': { theirs: { id: a.walletId } },
  'nodes://all': { shared: 'Machines are the lab’s own.' },
  'job://{id}': { theirs: { id: a.jobId } },
  'job://{id}/logs': { theirs: { id: a.jobId } },
  'validation://{id}': { theirs: { id: a.validationId } },
  'proposal://{id}': { shared: 'Proposals are for everybody to see.' },
  'template://{name}/readme': { shared: 'Templates come with the lab and belong to nobody.' },
  'kb://{+file}': { theirs: { file: `${a.collectionId}/words.md` } },
  'agent://{name}': { shared: 'Agents are the lab’s own.' },
});
