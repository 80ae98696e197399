{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
# Fill one cartridge after the other, in the order of the night.
BEGIN { FS = OFS = "\t"; cartridge = 1; filled = 0 }

/^#/ || NF == 0 { next }

$2 > capacity {
  print $1 " is larger than a cartridge" > "/dev/stderr"
  failed = 3
  exit
}

filled + $2 > capacity { cartridge++; filled = 0 }

{ filled += $2; print cartridge, $1, $2 }

END { exit failed }
