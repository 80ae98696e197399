#!/bin/sh
# Makes sure that there is a Chromium for the viewer's tests: one that is installed, or the distribution's, if this
# may install packages. Says on stdout in one line why there is none. CI runs it.
set -u
say() { echo "$*"; exit 1; }

for name in "${ULTERIOR_CHROMIUM:-}" chromium chromium-browser; do
  [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && exit 0
done
[ "$(id -u)" = 0 ] || say "there is no chromium, and only root could install it"
command -v apt-get >/dev/null 2>&1 || say "there is no chromium, and no apt-get to install it with"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update >&2 || say "there is no chromium, and apt-get update fails"
apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core >&2 ||
  say "there is no chromium, and apt-get can't install it"
chromium --version >&2 || say "the distribution's chromium doesn't start"  # some install a stub that asks for snap
