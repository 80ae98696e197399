{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
# What the scripts of this folder share.

# A text without the blanks around it, and with one between words.
function tidy(s) {
  gsub(/[ \r]+/, " ", s)
  sub(/^ /, "", s)
  sub(/ $/, "", s)
  return s
}
