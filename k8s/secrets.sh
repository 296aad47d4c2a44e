#!/usr/bin/env bash
# Prints the Secrets that k8s/ refers to, from a folder of `labmesh mesh init`: k8s/secrets.sh FOLDER | kubectl -n NAMESPACE apply -f -
# What is missing in the folder (the Sentinel's master key, the password of an own PostgreSQL's superuser) is made there once.
# The folder is secret: keep it where your other secrets are.
set -euo pipefail
folder=${1:?the folder that npx @labmesh/cli mesh init wrote, such as mesh}
umask 077

made() { # file, prefix of its line: 32 random bytes, kept from then on
  [ -s "$folder/$1" ] || printf '%s%s' "$2" "$(openssl rand 32 | basenc --base64url | tr -d '=\n')" >"$folder/$1"
}
secret() { # name, then files
  local name=$1
  shift
  "${KUBECTL:-kubectl}" create secret generic "labmesh-$name" --dry-run=client -o yaml "${@/#/--from-file=}"
  echo ---
}

made master-key.env LABMESH_MASTER_KEY=
made passwords/postgres ''
# What S3 asks for, where a file says it: AWS_ACCESS_KEY_ID=… and AWS_SECRET_ACCESS_KEY=…, for those that keep files.
s3=()
[ ! -s "$folder/s3.env" ] || s3=("s3.env=$folder/s3.env")
for env in "$folder"/*.env; do
  app=$(basename "$env" .env)
  case $app in
    master-key | s3) ;;
    owner) secret owner "settings.env=$env" ;;
    sentinel) secret sentinel "settings.env=$env" "master-key.env=$folder/master-key.env" "nats.nk=$folder/nkeys/sentinel.nk" ;;
    gateway | architect | chancellor | curator | librarian | mechanic | worker) secret "$app" "settings.env=$env" "nats.nk=$folder/nkeys/$app.nk" "${s3[@]}" ;;
    *) secret "$app" "settings.env=$env" "nats.nk=$folder/nkeys/$app.nk" ;;
  esac
done
secret nats "nats.conf=$folder/nats.conf"
secret redis "redis-users.acl=$folder/redis-users.acl"
secret postgres "password=$folder/passwords/postgres" "roles.sql=$folder/roles.sql"
