{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/usr/bin/env bash
# Plan a night: which data set goes onto which cartridge. See docs/format.md.
#
#   plan.sh -c CAPACITY NIGHT > PLAN
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
capacity=
while getopts c: option; do
  case $option in
    c) capacity=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
if [[ -z $capacity || $# -ne 1 ]]; then
  echo "usage: plan.sh -c CAPACITY NIGHT" >&2
  exit 2
fi

awk -v capacity="$capacity" -f "$here/lib/pack.awk" "$1" | sort -t $'\t' -k1,1n -k2,2
