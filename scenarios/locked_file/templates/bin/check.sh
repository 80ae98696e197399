{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# Compares out/balance.csv with what the works measured; stations that are provisional are left out.
cd "$(dirname "$0")/.." || exit 1
awk -F, '
  FNR == 1 { next }
  FILENAME == "data/works.csv" { works[$1] = $2; next }
  $4 == "provisional" { printf "%-14s provisional\n", $2; next }
  { off = 100 * ($3 - works[$1]) / works[$1]; bad = off > 0.5 || off < -0.5; wrong += bad
    printf "%-14s %9.2f %9.2f %+6.2f %% %s\n", $2, $3, works[$1], off, bad ? "OFF" : "ok" }
  END { print wrong ? wrong " station(s) off" : "all stations ok"; exit wrong ? 1 : 0 }
' data/works.csv out/balance.csv
