// Sixty plain intents, over all agents, to measure with and never to tune on: neither the search nor the tools' phrases. They were
// written from what the tools do, before any of them was asked, without the phrases at hand; misspelt ones are meant to be. Where
// several tools do it equally, any of them is right.
/** An intent and the tool that is right for it, or those that are where several do it equally. */
export type Intents = Readonly<Record<string, string | readonly string[]>>;

export const BLIND_INTENTS: Intents = {
  // data
  'list all tables about volcanoes': 'curator_list_available_datasets',
  'give me rows 100 to 200 of the pump readings': 'curator_fetch_dataset',
  'my measurements are finished, put them into the archive': 'curator_submit_dataset',
  'does every row of this obey the schema': 'curator_validate_data_schema',
  'make a parquet version': 'curator_transform_data_format',
  'which columns does that dataset have and under what licence is it': 'curator_get_dataset',
  'sensor 4 was calibrated, here is a corrected file': 'curator_update_dataset',
  'my data must disappear from the lab for good': 'curator_withdraw_dataset',
  'histogram of each column': 'curator_profile_dataset',
  'keep the result of this sql as a table of its own': 'curator_save_query',
  'write me a json schema that fits these rows': 'curator_infer_schema',
  'what is diffrent between version 2 and version 5': 'curator_compare_datasets',
  'max pressure per site': 'curator_query_dataset',
  'which nasa feeds do you know': 'curator_list_sources',
  'what streams and parameters does donki offer': 'curator_get_source',
  'stop downloading from spacex': 'curator_remove_source',
  'download the asteroids of last month from nasa': 'curator_fetch_source',
  'which agents get new data pushed to them': 'curator_list_routes',
  'let others double-check my accuracy figure': 'curator_request_validation',
  'how is the check of my claim going': 'curator_get_validation',
  // jobs and machines
  'start a training with two gpus': 'mechanic_orchestrate_training_job',
  'is my run finished': ['mechanic_get_job', 'mechanic_list_jobs'],
  'all jobs of mine that failed this week': 'mechanic_list_jobs',
  'halt run 12': 'mechanic_cancel_job',
  'submit the failed one again': 'mechanic_retry_job',
  'why does it not start': 'mechanic_why_pending',
  'last 50 lines of the log': 'mechanic_stream_logs',
  'download weights.pt from my experiment': 'mechanic_get_artifact',
  'how much memory is free on which machine': 'mechanic_list_nodes',
  'put node 3 into maintenance': 'mechanic_drain_node',
  'is everything up and healthy': 'mechanic_get_system_health',
  'alert rules for prometheus': 'mechanic_generate_prometheus_yaml',
  // projects
  'what kinds of starter projects are there': 'architect_list_available_templates',
  'begin a new astronomy project': 'architect_instantiate_template',
  'is there a newer version of the template I used': 'architect_check_updates',
  'bring my project up to date without losing my changes': 'architect_update_project',
  'offer my template to everybody in the lab': 'architect_publish_template',
  'check my config for mistakes before I ship it': 'architect_validate_project_config',
  // knowledge and the assistant
  'what do our documents say about dark frames': 'librarian_query_knowledge_base',
  'open the full text of the page that you cited': 'librarian_get_document',
  'my script dies with a segmentation fault, any ideas?': 'librarian_analyze_error',
  'mark this as the right solution': 'librarian_accept_solution',
  'make our wiki export searchable for my group': 'librarian_ingest_source',
  'give the conversation a better name': 'librarian_rename_conversation',
  'earse my chat': 'librarian_delete_conversation',
  'does the connection to the language model work': 'librarian_test_model',
  'which agents are online': 'librarian_get_agent_manifest',
  // money and votes
  'transfer 12.5 to wal_0192': 'chancellor_execute_transaction',
  'show what I spent in october as a csv for my tax': 'chancellor_export_statement',
  'do the books add up': 'chancellor_verify_ledger',
  'the deposit is no longer needed, give it back to the payer': 'chancellor_release_hold',
  'which votes are open at the moment': 'chancellor_list_proposals',
  'take my coins out of staking': 'chancellor_unstake',
  'top up the reward pot': 'chancellor_fund_rewards',
  // security
  'new key for my claude desktop': 'sentinel_generate_wallet_token',
  'which of my keys are still active': 'sentinel_list_tokens',
  'a link so that I can log in on my phone': 'sentinel_create_sign_in_link',
  'that alarm was nothing, close it': 'sentinel_resolve_anomaly',
  'prove that the log was not altered': ['sentinel_audit_verify', 'sentinel_audit_proof'],
  'renew the signing key': 'sentinel_rotate_keys',
};
