// The dashboard that comes with LabMesh, and where a Grafana shows it.

/** Of k8s/monitoring/grafana-dashboard.json. */
export const DASHBOARD = { uid: 'labmesh', file: 'k8s/monitoring/grafana-dashboard.json' } as const;

export const dashboardUrl = (grafanaUrl: string): string => `${grafanaUrl.replace(/\/+$/, '')}/d/${DASHBOARD.uid}`;
