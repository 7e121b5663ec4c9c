#!/bin/sh
# Writes test/fixtures/tls/self-signed.pem. Needs openssl.
set -eu
fixture="$(cd "$(dirname "$0")/../../fixtures" && pwd)/tls/self-signed.pem"
folder="$(mktemp -d)"
trap 'rm -r "$folder"' EXIT
cd "$folder"

# A certificate of `openssl req -x509` is valid from now on, which is too late for a clock that is behind.
cat > ca.cnf <<END
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
subjectAltName = IP:127.0.0.1
basicConstraints = critical, CA:FALSE
END
touch index.txt
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=catmaid-image test" \
  -keyout key.pem -out request.pem
openssl ca -config ca.cnf -batch -notext -selfsign -keyfile key.pem -in request.pem -out certificate.pem \
  -startdate 20200101000000Z -enddate 21200101000000Z

mkdir -p "$(dirname "$fixture")"
{
  echo "A self-signed certificate and its key, of test servers on 127.0.0.1 (test/support/make-fixtures/make-tls-fixture.sh)."
  echo "Everybody knows the key: trust it nowhere else."
  echo
  cat key.pem certificate.pem
} > "$fixture"
