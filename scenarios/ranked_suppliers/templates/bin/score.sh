{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# Makes out/ranking.csv of data/offers.csv: rank,supplier,points
cd "$(dirname "$0")/.." || exit 1
mkdir -p out
awk -F, '
  FNR == 1 || NF < 6 { next }
  { n++; name[n] = $1; cost[n] = $2 + $3; days[n] = $4 + 0; months[n] = $5 + 0; rework[n] = $6 + 0
    if (n == 1 || cost[n] < low) low = cost[n]
    if (n == 1 || days[n] < fast) fast = days[n]
    if (n == 1 || months[n] > long) long = months[n]
    if (n == 1 || rework[n] < clean) clean = rework[n] }
  END {
    for (i = 1; i <= n; i++) {
      points = 46 * low / cost[i] + 24 * fast / days[i] + 17 * months[i] / long + 13 * clean / rework[i]
      printf "%s,%.2f\n", name[i], points
    }
  }
' data/offers.csv | sort -t, -k2,2nr | awk 'BEGIN { print "rank,supplier,points" } { print NR "," $0 }' > out/ranking.csv
cat out/ranking.csv
