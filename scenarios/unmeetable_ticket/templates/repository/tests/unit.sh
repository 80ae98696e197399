{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
#!/usr/bin/env bash
# Small nights whose plan does not depend on how the packing is done.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
night=$(mktemp)
failed=0

# plans NAME CAPACITY EXIT_CODE PLAN < NIGHT
plans() {
  local plan code
  cat > "$night"
  plan=$(bash bin/plan.sh -c "$2" "$night" 2> /dev/null)
  code=$?
  if [[ $code -eq $3 && $plan == "$4" ]]; then
    echo "ok    $1"
  else
    echo "FAIL  $1"
    failed=1
  fi
}

{% for case in cases %}
plans '{{ case.name }}' {{ case.capacity }} {{ case.code }} '{{ case.plan }}' << 'NIGHT'
{{ case.night }}NIGHT

{% endfor %}
exit $failed
