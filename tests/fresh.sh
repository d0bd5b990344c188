#!/bin/sh
# fresh.sh [FOLDER] [STEP...] - proves the list of packages: makes a bare
# Debian 12 root with nothing but git and make in it, clones the committed
# tree into it, and runs the README's commands there. Needs root and
# debootstrap; apt sources and their proxy are this machine's. Steps default
# to `make deps`, `make all` and the tests named in BASE; give `make check`
# to run the lot. FRESH_KEEP=1 keeps the root for a second run.
set -eu
root=${1:-$(mktemp -d /var/tmp/suifang-fresh-XXXXXX)}
[ $# -eq 0 ] || shift
here=$(cd "$(dirname "$0")/.." && pwd)
BASE=${BASE:-base_test check_test import_test}

mirror=$(awk '
	/^URIs:/ { print $2; exit }
	/^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) {
		print $i; exit } }
' /etc/apt/sources.list /etc/apt/sources.list.d/*.sources \
	/etc/apt/sources.list.d/*.list 2>/dev/null || true)
mirror=${mirror:-http://deb.debian.org/debian}

cleanup() {
	for m in dev/pts dev/shm dev proc; do
		umount "$root/$m" 2>/dev/null || true
	done
	[ -n "${FRESH_KEEP:-}" ] || rm -rf --one-file-system "$root"
}
trap cleanup EXIT INT TERM

if [ ! -e "$root/etc/debian_version" ]; then
	echo "== a bare bookworm from $mirror"
	debootstrap --variant=minbase --include=git,make,ca-certificates \
		bookworm "$root" "$mirror" > "$root.log" 2>&1 ||
		{ tail -5 "$root.log"; exit 1; }
	rm -f "$root.log"
	[ ! -d /etc/apt/apt.conf.d ] ||
		cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
	rm -f "$root"/etc/apt/apt.conf.d/*listchanges*
fi
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mkdir -p "$root/dev/pts" "$root/dev/shm"
mount -t devpts devpts "$root/dev/pts" -o newinstance,ptmxmode=0666 ||
	mount --bind /dev/pts "$root/dev/pts"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# An installed machine has this; debootstrap leaves it out.
[ -e "$root/etc/hosts" ] || echo "127.0.0.1 localhost" > "$root/etc/hosts"

echo "== a clean clone"
rm -rf "$root/root/suifang"
git clone -q --no-hardlinks "$here" "$root/root/suifang"
before=$(chroot "$root" dpkg-query -W -f '${Package}\n' | wc -l)

inside() {
	echo "== $*"
	chroot "$root" env -i HOME=/root TERM=xterm PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" \
		sh -c "cd /root/suifang && $*"
}

if [ $# -gt 0 ]; then
	inside "$@"
else
	inside make -s deps
	inside make -s -j2 all
	for t in $BASE; do
		inside "make -s build/plain/tests/$t && build/plain/tests/$t"
	done
fi
after=$(chroot "$root" dpkg-query -W -f '${Package}\n' | wc -l)
echo "== passed; packages $before -> $after"
