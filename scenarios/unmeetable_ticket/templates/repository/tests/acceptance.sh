{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/usr/bin/env bash
# The reference nights have to fit the robot: no more cartridges than slots, none filled beyond its capacity.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
. reference/robot.conf
failed=0

for night in reference/night-*.tsv; do
  bash bin/plan.sh -c "$capacity" "$night" |
    awk -F '\t' -v night="$night" -v slots="$slots" -v capacity="$capacity" '
      { filled[$1] += $3 }
      END {
        for (cartridge in filled) {
          used++
          if (filled[cartridge] > capacity) over++
        }
        verdict = used > slots || over ? "FAIL" : "ok"
        printf "%-4s  %s: %d cartridges for %d slots, %d overfilled\n", verdict, night, used, slots, over
        exit verdict == "FAIL"
      }' || failed=1
done

exit $failed
