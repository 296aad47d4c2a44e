# What nats:2.11-alpine is to docker-compose.yml.
FROM localhost/labmesh-test/debian
RUN apt-get update -q && apt-get install -y -q --no-install-recommends nats-server wget
ENTRYPOINT ["nats-server"]
