{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# Makes out/balance.csv from data/pulses.csv: station,name,mwh,state
cd "$(dirname "$0")/.." || exit 1
mkdir -p out
awk -F, '
  FILENAME == "shared/units.csv" { factor[$1] = $2; next }
  FILENAME == "conf/provisional.txt" { open[$1] = 1; next }
  FILENAME == "conf/meters.csv" { name[$1] = $2; type[$1] = $3; next }
  FNR == 1 { print "station,name,mwh,state"; next }
  { printf "%s,%s,%.2f,%s\n", $1, name[$1], $2 * factor[type[$1]] / 1000, (name[$1] in open) ? "provisional" : "final" }
' shared/units.csv conf/provisional.txt conf/meters.csv data/pulses.csv > out/balance.csv
cat out/balance.csv
