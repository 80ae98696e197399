{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/usr/bin/env bash
# A plan in three lines, for the shift log: summary.sh PLAN
set -euo pipefail

awk -F '\t' '
  { filled[$1] += $3; total += $3; if ($1 + 0 > last) last = $1 + 0 }
  END {
    printf "data sets   %d\n", NR
    printf "cartridges  %d, the last one with %d GB\n", last, filled[last]
    printf "volume      %d GB\n", total
  }' "$1"
