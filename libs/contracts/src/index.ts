// The door of @labmesh/contracts: what every agent offers, and the tables that hold for all of them.
export * from './agents.js';
export * from './anomaly-policy.js';
export * from './answer-rows.js';
export * from './answers.js';
export * from './architect.js';
export * from './architect-checks.js';
export * from './architect-projects.js';
export * from './architect-templates.js';
export * from './audience.js';
export * from './audit.js';
export * from './blob.js';
export * from './blob-links.js';
export * from './call.js';
export * from './chancellor.js';
export {
  CHOICES_MAX,
  PROPOSAL_STATES,
  type ProposalState,
  VOTING_SYSTEMS,
  type VotingSystem,
  WEIGHT_MAX,
} from './chancellor-governance.js';
export { HOLD_SECONDS } from './chancellor-holds.js';
export { BATCH_MAX, STATEMENT_MAX, TRANSACTION_KINDS } from './chancellor-ledger.js';
export { REWARDED_EVENTS, type RewardedEvent, UNREWARDED, type Unrewarded } from './chancellor-rewards.js';
export { LOCK_DAYS } from './chancellor-staking.js';
export { WALLET_STATUSES } from './chancellor-wallets.js';
export * from './content.js';
export * from './csv-line.js';
export * from './curator.js';
export { QUERY_TABLES_MAX } from './curator-analysis.js';
export { PACKET_BYTES_MAX, Routed } from './curator-routes.js';
export { VALIDATION_LISTS, VALIDATION_STATES, type ValidationState } from './curator-validations.js';
export * from './data-formats.js';
export { DATASET_BYTES_MAX, DRIFT_POLICIES } from './dataset-values.js';
export * from './errors.js';
export * from './gateway.js';
export { acceptedInput } from './input-problems.js';
export * from './interaction.js';
export * from './key-form.js';
export * from './librarian.js';
export { librarianAgents } from './librarian-agents.js';
export * from './librarian-assistant.js';
export * from './librarian-conversations.js';
export { ANALYZED_CHARACTERS, type TraceLanguage } from './librarian-errors.js';
export { LAB_COLLECTIONS } from './librarian-knowledge.js';
export { ERROR_TEXT_CHARACTERS } from './librarian-solutions.js';
export * from './librarian-sources.js';
export * from './librarian-summaries.js';
export * from './log-message.js';
export * from './logged-errors.js';
export * from './made-forms.js';
export * from './mechanic.js';
export * from './mechanic-events.js';
export * from './mechanic-job-arrays.js';
export * from './mechanic-job-states.js';
export * from './mechanic-jobs.js';
export * from './mechanic-logs.js';
export * from './mechanic-nodes.js';
export * from './mechanic-operations.js';
export * from './mechanic-recovery.js';
export * from './mechanic-usage.js';
export * from './mesh-events.js';
export * from './names.js';
export * from './operations.js';
export * from './permissions.js';
export * from './policy.js';
export * from './prompt.js';
export * from './receipt.js';
export * from './refused-pass.js';
export * from './resource.js';
export * from './sentinel.js';
export * from './sentinel-access.js';
export * from './sentinel-anomalies.js';
export * from './sentinel-audit.js';
export * from './sentinel-policies.js';
export * from './sentinel-secrets.js';
export * from './sentinel-tokens.js';
export * from './text-fields.js';
export * from './tool.js';
export * from './tool-words.js';
export * from './toolsets.js';
export * from './uploads.js';
export * from './uri-template.js';
export * from './values.js';
