{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# Writes out/overdue.csv: what should be back by now and isn't.
cd "$(dirname "$0")/.." || exit 1
mkdir -p out
awk -F, -v today="$(date +%Y%m%d)" '
  FILENAME == "data/returned.txt" { back[$1] = 1; next }
  FNR == 1 { print; next }
  { due = $4; gsub(/-/, "", due) }
  due < today && !($1 in back) { print }
' data/returned.txt data/loans.csv > out/overdue.csv
cat out/overdue.csv
