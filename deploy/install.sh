#!/bin/sh
# Installs Shirube from this folder alone: no network is used. Usage: sh install.sh [FOLDER]   (default: /opt/shirube)
# Ends with the demonstration over the sample documents; PYTHON names another Python (3.11, for which the wheels are).
set -eu
unset PYTHONPATH PYTHONHOME  # what lies there is not what is installed here
export PIP_CONFIG_FILE=/dev/null
cd "$(dirname "$0")"
target=${1:-/opt/shirube}
python=${PYTHON:-python3}

sha256sum --check --quiet SHA256SUMS || { echo 'ファイルが壊れているか、足りません。配布物を取り直してください。' >&2; exit 1; }
wanted=$(cat PYTHON_VERSION)
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo なし)
if [ "$found" != "$wanted" ]; then
  echo "Python $wanted が要ります（見つかったのは $found）。PYTHON=/path/to/python$wanted sh install.sh としてください。" >&2
  exit 1
fi
mkdir -p "$target"
"$python" -m venv --clear "$target/venv"
"$target/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels \
  --constraint constraints.txt 'shirube[web]'
rm -rf "$target/sample"
cp -r sample "$target/sample"
"$target/venv/bin/shirube" demo "$target/sample" --index-dir "$target/demo-index"
"$target/venv/bin/shirube" doctor --index-dir "$target/demo-index"
rm -rf "$target/demo-index"
echo "入りました: $target/venv/bin/shirube" >&2
