# What redis:8-alpine is to docker-compose.yml.
FROM localhost/labmesh-test/debian
RUN apt-get update -q && apt-get install -y -q --no-install-recommends redis-server \
 && mkdir -p /data && chown redis:redis /data
