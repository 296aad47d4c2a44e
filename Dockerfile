# One image for every process of LabMesh: docker run IMAGE [lab | gateway | sentinel | … | labmesh …]; docs/deploy.md
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci
# What runs, its packages and nothing else; the bill of materials is of exactly these.
RUN node container/assemble.mjs gather /out \
 && (cd /out && npm sbom --sbom-format=cyclonedx --sbom-type=application >sbom.cdx.json) \
 && node container/assemble.mjs trim /out

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="LabMesh" \
      org.opencontainers.image.description="One MCP endpoint for a whole science lab" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Folders that volumes are mounted on: a new volume takes their owner.
RUN mkdir -m 0700 /data /blobs && mkdir /secrets && cd /secrets \
 && mkdir -m 0700 store owner nats gateway sentinel chancellor curator architect mechanic librarian worker \
 && mkdir -m 0755 postgres redis grafana \
 && chown -R 1000:1000 /data /blobs /secrets
COPY --from=build /out /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 LABMESH_HOME=/data
USER 1000:1000
# The lab is started once, which shows that nothing is missing that it needs.
RUN export LABMESH_HOME=/tmp/lab; node /app/container/entry.mjs lab & \
    for second in $(seq 60); do node /app/container/health.mjs /readyz && break; sleep 1; done 2>/dev/null; \
    node /app/container/health.mjs /readyz && kill $! && wait $! && rm -rf /tmp/lab
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/container/health.mjs", "/healthz"]
ENTRYPOINT ["node", "/app/container/entry.mjs"]
CMD ["lab"]
