{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# Makes out/week.csv from register.csv: the value that counts for each of the last seven days.
cd "$(dirname "$0")/.." || exit 1
mkdir -p out
awk -F, 'FNR > 1 { if (!($1 in value)) order[++days] = $1; value[$1] = $3 }
  END { print "date,ms_cm"
        for (i = (days > 7 ? days - 6 : 1); i <= days; i++) print order[i] "," value[order[i]] }' register.csv > out/week.csv
cat out/week.csv
