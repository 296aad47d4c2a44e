// Where Prometheus finds what it watches, and how it asks there. /metrics needs no token (docs/observability.md); where a proxy
// stands before it, the token is named by its file.
import type { Wanted } from './wanted.js';

type Part = Readonly<Record<string, unknown>>;

/** How often names are looked up again. */
const DNS_EVERY = '15s';
/** Labels that k8s/ puts on the pods of an app. */
const PART_OF = '__meta_kubernetes_pod_label_app_kubernetes_io_part_of';
const APP = '__meta_kubernetes_pod_label_app_kubernetes_io_name';

export function scrapeConfig(wanted: Wanted): Part {
  const { job, scheme, tokenFile, caFile } = wanted;
  const relabelling = [...foundBy(wanted).relabelling, ...ofProject(wanted)];
  return {
    job_name: job,
    ...(scheme === 'https' ? { scheme } : {}),
    ...(tokenFile === undefined ? {} : { authorization: { type: 'Bearer', credentials_file: tokenFile } }),
    ...(caFile === undefined ? {} : { tls_config: { ca_file: caFile } }),
    ...foundBy(wanted).discovery,
    ...(relabelling.length === 0 ? {} : { relabel_configs: relabelling }),
  };
}

interface Found {
  readonly discovery: Part;
  readonly relabelling: readonly Part[];
}

function foundBy({ discovery, targets, dnsNames, port, namespace, job }: Wanted): Found {
  switch (discovery) {
    case 'static':
      return { discovery: { static_configs: [{ targets: [...targets] }] }, relabelling: [] };
    case 'dns':
      return {
        discovery: { dns_sd_configs: [{ names: [...dnsNames], type: 'A', port, refresh_interval: DNS_EVERY }] },
        relabelling: [{ source_labels: ['__meta_dns_name'], target_label: 'app' }],
      };
    case 'kubernetes':
      return {
        discovery: { kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [namespace] } }] },
        relabelling: [
          { source_labels: [PART_OF], regex: job, action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'http', action: 'keep' },
          { source_labels: [APP], target_label: 'app' },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
          { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node' },
        ],
      };
  }
}

const ofProject = ({ project }: Wanted): Part[] =>
  project === undefined ? [] : [{ target_label: 'project', replacement: project }];
