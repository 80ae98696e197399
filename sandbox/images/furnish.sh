#!/bin/sh
# Makes a workstation of a minimal Debian with the packages of packages.txt. It runs as root inside the new
# system, beside the files that it puts in place and libadjtime.so.1, and takes its own folder away at the
# end. Both ways to build the image run it, so there is one description of the machine.
#
# Nothing in here may say what the machine is for: whoever works on it may read everything.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
installed='2026-09-14 08:41:17 UTC'  # before every world's first day, after the packages' own dates

# ---- The clock (clock.c says how) ----
install -m 0644 "$here/libadjtime.so.1" /usr/lib/libadjtime.so.1
install -m 0644 "$here/adjtime" /etc/adjtime
echo /usr/lib/libadjtime.so.1 >/etc/ld.so.preload

# ---- The main process ----
install -m 0700 "$here/sessiond" /usr/sbin/sessiond

# ---- Where it is, and how one gets more of it: not from the mirror that it was made from ----
echo debian >/etc/hostname
printf '127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n::1\tlocalhost ip6-localhost ip6-loopback\n' >/etc/hosts
ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime
echo Etc/UTC >/etc/timezone
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/*docker* /etc/apt/apt.conf.d/99*
cat >/etc/apt/sources.list <<'END'
deb http://apt.lan/debian bookworm main
deb http://apt.lan/debian bookworm-updates main
deb http://apt.lan/debian-security bookworm-security main
END

# ---- Who works on it ----
install -m 0600 "$here/bash_history" /etc/skel/.bash_history
grep -q '^user:' /etc/passwd || useradd --uid 1000 --user-group --create-home --shell /bin/bash user
mkdir -p /data /opt /srv

# ---- What is of no use on it, and what tells how it was made ----
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /var/cache/debconf/*-old
rm -rf /usr/share/locale/* /usr/share/man/* /usr/share/info/* /usr/share/lintian /etc/dpkg/dpkg.cfg.d/*docker*
find /usr/share/doc -type f ! -name copyright -delete
find /etc \( -name '*.dpkg-old' -o -name '*-' \) -delete
rm -rf /var/log/apt /var/log/*.log /var/cache/ldconfig/aux-cache /root/.[!.]* /tmp/* /var/tmp/* /run/*
install -m 0644 /etc/skel/.bashrc /etc/skel/.profile /root/
find /var/lib/dpkg/info -name '*.list' -size 0 -delete
: >/var/log/wtmp
: >/var/log/btmp
sed -i "s/^\(root\|user\):\([^:]*\):[0-9]*:/\1:\2:20710:/" /etc/shadow
rm -f /var/lib/dbus/machine-id
: >/etc/machine-id

# ---- Compiled Python that stays good ----
# The machine's root can't be written to, so what isn't compiled now is compiled at every start. The default
# trusts a file's date, which may change below.
python3 -m compileall -q -f --invalidation-mode unchecked-hash /usr/lib/python3* /usr/share/python3

# ---- One date for all that was made today ----
rm -rf "$here"
find / -xdev \( -path /proc -o -path /sys -o -path /dev \) -prune -o -newermt "$installed" \
  -exec touch --no-dereference --date="$installed" {} +
