{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# Makes out/load.csv from data/lots.csv, without the lots that wait.
cd "$(dirname "$0")/.." || exit 1
mkdir -p out
total=0
list=""
while IFS=, read -r lot kilos place; do
  if grep -qx "$lot" conf/waiting.txt; then continue; fi
  total=$((total + kilos))
  list="$list$lot,$kilos,$place
"
done < data/lots.csv
limit=$(cat shared/limit.txt)
if [ "$total" -gt "$limit" ]; then
  echo "$total kg are over the limit of $limit kg: nothing written"
  exit 1
fi
printf '%s' "$list" > out/load.csv
echo "$total kg of $limit kg; written to out/load.csv"
