# What postgres:17-alpine is to docker-compose.yml.
FROM localhost/labmesh-test/debian
RUN apt-get update -q && apt-get install -y -q --no-install-recommends postgresql \
 && mkdir -p /var/lib/postgresql/data && chown postgres:postgres /var/lib/postgresql/data \
 && ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/
COPY postgres-entry.sh /usr/local/bin/
ENTRYPOINT ["sh", "/usr/local/bin/postgres-entry.sh"]
STOPSIGNAL SIGINT
