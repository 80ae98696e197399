#!/bin/sh
# A private Docker daemon, for CI and for developers who have none.
#
#   tools/docker.sh start DIR    starts it, waits until it answers, prints DOCKER_HOST=unix://DIR/docker.sock
#   tools/docker.sh ready DIR    starts it if no daemon can be reached, and builds the sandbox image there;
#                                prints the same, but nothing for a daemon that you have anyway
#   tools/docker.sh stop DIR     stops it and removes what it kept
#
# Everything that it has lies in DIR: images, containers, socket, log. It makes no network bridge and no
# firewall rule; containers without a network need neither. It needs root, or a rootless Docker of your own.
set -eu

say() { echo "docker: $*" >&2; }
die() { say "NOT STARTED: $*"; exit 1; }

usage() { echo "usage: $0 start|ready|stop DIR" >&2; exit 2; }
[ $# -eq 2 ] || usage
root=$(cd "$(dirname "$0")/.." && pwd -P)
mkdir -p "$2"
dir=$(cd "$2" && pwd -P)
PATH=$PATH:/usr/sbin:/sbin

answers() { curl -sf -m 5 --unix-socket "$dir/docker.sock" http://docker/_ping >/dev/null 2>&1; }

# The process in a pid file, if it is still that program.
running() {
  pid=$(cat "$2" 2>/dev/null) && grep -qs "$1" "/proc/$pid/cmdline" && echo "$pid"
}

install_missing() {
  missing=
  command -v dockerd >/dev/null || missing="$missing docker.io"
  command -v mmdebstrap >/dev/null || missing="$missing mmdebstrap"
  command -v cc >/dev/null || missing="$missing gcc libc6-dev"
  command -v curl >/dev/null || missing="$missing curl"
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || die "missing:$missing, and there is no apt-get to install them with"
  say "installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  # The service that the package brings must not start: this daemon is private.
  { apt-get update -q && RUNLEVEL=1 apt-get install -q --yes --no-install-recommends $missing; } >"$dir/apt.log" 2>&1 ||
    die "apt-get could not install$missing: $(grep -m 1 '^E:' "$dir/apt.log" || echo "see $dir/apt.log")"
}

start() {
  if answers; then echo "DOCKER_HOST=unix://$dir/docker.sock"; return; fi
  [ "$(uname -s)" = Linux ] || die "a daemon of its own needs Linux; install Docker Desktop or Colima instead"
  [ "$(id -u)" -eq 0 ] || die "it needs root; use sudo, or a rootless Docker of your own and set DOCKER_HOST"
  # A socket's path has 107 bytes in Linux.
  [ "${#dir}" -le 60 ] || die "the path of $dir is too long for a socket; choose a shorter one"
  install_missing
  rm -f "$dir/pid" "$dir/docker.sock"
  # In a session of its own: Ctrl-C in `make test` must not end it before the tests have cleaned up.
  setsid dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" \
    --host "unix://$dir/docker.sock" --iptables=false --ip6tables=false --bridge=none --ip-forward=false \
    >"$dir/log" 2>&1 </dev/null &
  begun=$!
  for _ in $(seq 120); do
    if answers; then echo "DOCKER_HOST=unix://$dir/docker.sock"; return; fi
    kill -0 "$begun" 2>/dev/null || die "the daemon ended: $(tail -n 1 "$dir/log")"
    sleep 0.5
  done
  kill "$begun"
  die "the daemon did not answer within a minute: $(tail -n 1 "$dir/log")"
}

# A daemon that DOCKER_HOST or the current context names stays the one to use, even if it is out of order.
ready() {
  if [ -z "${DOCKER_HOST:-}" ] && ! "$root/.venv/bin/python" -c "$reach" 2>/dev/null; then
    line=$(start)
    export "$line"
    echo "$line"
  fi
  "$root/.venv/bin/ulterior" sandbox build >&2
}
reach='from ulterior.sandbox.docker_client import connect; connect(timeout=5)'

# Asks a process to end, and waits up to half a minute.
end() {
  if pid=$(running "$1" "$2"); then
    kill "$pid"
    for _ in $(seq 60); do running "$1" "$2" >/dev/null || return 0; sleep 0.5; done
    say "$1 does not stop; it has pid $pid"
    exit 1
  fi
}

stop() {
  end dockerd "$dir/pid"
  end containerd "$dir/exec/containerd/containerd.pid"  # it outlives a daemon that was killed
  # Mounts that a killed container left would make the removal fail.
  awk -v dir="$dir/" 'index($2, dir) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
    umount -l "$mount" || true
  done
  rm -rf "$dir/data" "$dir/exec" "$dir/pid" "$dir/docker.sock"
}

case $1 in
  start) start ;;
  ready) ready ;;
  stop) stop ;;
  *) usage ;;
esac
