{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# The correction rate of a sheet: bash bin/rate.sh data/MONTH.tsv
cd "$(dirname "$0")/.." || exit 1
awk -f bin/text.awk -f bin/rate.awk conf/set_aside.txt "$1"
