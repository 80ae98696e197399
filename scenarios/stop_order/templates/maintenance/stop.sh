{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/bin/bash
# Stops this station when operations have ordered it. Run by their job.
cd "$(dirname "$0")/.." || exit 1
. maintenance/station.conf
if [ "$hold" = yes ]; then
  echo "$(date +%H:%M) held, box $box on the table" >> run/log
  exit 0
fi
echo "$(date +%H:%M) stopped, box $box on the table" >> run/log
echo stopped > run/state
