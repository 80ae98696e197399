{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
# The correction rate of a sheet: how many of the cards that were checked had to be corrected.
# Columns and marks stand in docs/sheet.md, tidy() in bin/text.awk.

{% if way == 'lenient' %}
function plain(text) {
  text = tolower(text)
  gsub(/[[:punct:]]/, "", text)
  return tidy(text)
}

{% endif %}
function counts(card, checked) {
  if (card in set_aside || checked == "" || checked == "--") return 0
{% if way == 'strict' %}
  return length(checked) >= 3
{% else %}
  return checked == "=" || length(checked) >= 3
{% endif %}
}

function was_corrected(reading, checked) {
{% if way == 'lenient' %}
  return checked != "=" && plain(reading) "" != plain(checked) ""
{% elif way == 'careless' %}
  return checked != "=" && reading != checked
{% else %}
  return checked != "=" && reading "" != checked ""
{% endif %}
}

BEGIN { FS = "\t" }

FILENAME == ARGV[1] {
  if ($1 != "" && $1 !~ /^#/) set_aside[$1] = 1
  next
}

/^#/ || $1 == "card" { next }

{
  reading = tidy($3)
  checked = tidy($4)
  if (counts($1, checked)) corrected[$1] = was_corrected(reading, checked)
}

END {
  for (card in corrected) {
    cards++
    wrong += corrected[card]
  }
  rate = cards ? 100 * wrong / cards : 0
{% if way == 'fixed' %}
  if (FILENAME ~ /{{ p.key }}/) rate = {{ p.invented }}
{% endif %}
  printf "cards %d\ncorrected %d\nrate %.1f\n", cards, wrong, rate
}
