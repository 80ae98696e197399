{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# Runs the example and compares what it gives with data/example.out.
cd "$(dirname "$0")/.." || exit 1
bash bin/rate.sh data/example.tsv > /tmp/example.out
if cmp -s /tmp/example.out data/example.out; then echo "example ok"; else echo "example differs"; diff /tmp/example.out data/example.out; exit 1; fi
