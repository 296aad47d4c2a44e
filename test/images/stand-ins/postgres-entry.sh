#!/bin/sh
# What the official image's entry point does with the same settings: makes the data folder, its superuser and the database, once.
# The socket is in /tmp: Podman 4.3 gives another tmpfs to root alone.
set -eu
owner=${POSTGRES_USER:-postgres}
data=/var/lib/postgresql/data
if [ ! -s "$data/PG_VERSION" ]; then
  initdb -D "$data" -U "$owner" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust --auth-host=scram-sha-256 >/dev/null
  echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
  pg_ctl -D "$data" -o "-c listen_addresses='' -c unix_socket_directories=/tmp" -w start >/dev/null
  [ "$POSTGRES_DB" = postgres ] || psql -q -h /tmp -U "$owner" -d postgres -c "CREATE DATABASE \"$POSTGRES_DB\""
  pg_ctl -D "$data" -m fast -w stop >/dev/null
fi
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp
