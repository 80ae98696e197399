#!/bin/sh
# Makes .venv from requirements/lock.txt, with uv if it is there and pip if not. Run by `make setup`.
set -eu
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }
die() { say "$*"; exit 1; }

# .venv/.ready tells what .venv was made from, and where: scripts in a virtual environment hold its
# path, so the .venv in a copied or moved folder would run the code of the old one.
here=$(pwd -P)
inputs=$(cat requirements/lock.txt pyproject.toml tools/setup.sh | cksum)
made=$(cat .venv/.ready 2>/dev/null || true)
[ -x .venv/bin/python ] || made=  # its Python was uninstalled
[ "$made" = "$here $inputs" ] && exit 0

# uv and pip name the same settings differently, and uv does not read pip's.
uv=
if uv --version >/dev/null 2>&1; then
  uv=uv
  if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"; fi
  if [ -n "${PIP_EXTRA_INDEX_URL:-}" ]; then export UV_INDEX="${UV_INDEX:-$PIP_EXTRA_INDEX_URL}"; fi
  if [ -n "${PIP_CERT:-}" ]; then export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"; fi
fi

# Prints the path of the first Python that is new enough.
find_python() {
  for name in python3.13 python3.12 python3.11 python3; do
    # Run it: a name on PATH may be a pyenv shim with nothing behind it.
    "$name" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2>/dev/null && return
  done
  found=$(python3 --version 2>&1) || found="no python3"
  die "Ulterior needs Python 3.11 or newer, and found $found. Install one (python.org, your package manager, pyenv or uv) so that python3.11 or later is on PATH."
}

# Debian and Ubuntu ship Python without ensurepip, so `python3 -m venv` alone can't be relied on.
make_venv() {
  rm -rf .venv
  if [ -n "$uv" ]; then
    uv venv --quiet --python "$python" .venv
  elif "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv .venv
  elif "$python" -m virtualenv --version >/dev/null 2>&1; then
    "$python" -m virtualenv --quiet .venv
  elif virtualenv --version >/dev/null 2>&1; then
    virtualenv --quiet --python "$python" .venv
  else
    die "$python can't make virtual environments. On Debian or Ubuntu: apt install python3-venv. Elsewhere: install uv or virtualenv."
  fi
}

install() {
  if [ -n "$uv" ]; then
    # Best match over all indexes is safe here: a file whose hash is not in the lock is refused.
    uv pip install --quiet --python .venv/bin/python --index-strategy unsafe-best-match "$@"
  else
    .venv/bin/python -m pip install -qq --disable-pip-version-check "$@"
  fi
}

python=$(find_python)
case $made in
  "$here "*) ;;  # ours and whole; only the lock or pyproject.toml changed
  *) say "making .venv with $("$python" --version) and ${uv:-pip, which takes a minute or two}"
     make_venv || die "making .venv failed; the lines above say why." ;;
esac
echo "$here incomplete" >.venv/.ready

install --require-hashes -r requirements/lock.txt ||
  die "installing the packages failed; the lines above say why. No network, or behind a mirror? Set PIP_INDEX_URL and run it again."
install --no-deps --no-build-isolation --editable . ||
  die "installing Ulterior itself into .venv failed; the lines above say why."

echo "$here $inputs" >.venv/.ready
