#!/bin/sh
# check_headers.sh ROOT - every header compiles alone, has its guard, and
# every source file begins by saying what it is for.
set -u
cd "${1:-.}" || exit 2
export LC_ALL=C
headers=$(find core keys sync tui -name '*.h' 2>/dev/null | sort)
[ -n "$headers" ] || { echo "no headers below $PWD"; exit 2; }
failed=0

for f in $(find core keys sync tui tests -name '*.[ch]' -o -name '*.def'); do
	read -r first < "$f"
	case $first in
	'/*'*) ;;
	*)
		echo "$f:1: no head comment"
		failed=1
		;;
	esac
done
# shellcheck disable=SC2086
grep -L '^#ifndef SUIFANG_[A-Z_0-9]*_H$' $headers | sed 's/$/:1: no guard/' |
	grep . && failed=1

[ -d build/plain/gen ] || sh schemas/embed.sh build/plain/gen
flags=$(pkg-config --cflags-only-I sqlite3 libgit2 libsodium jansson ncursesw)
# One compiler a few headers is far quicker than one each; a header that
# leans on its neighbour is still caught, since each is a unit of its own.
# shellcheck disable=SC2086
echo "$headers" | xargs -n 8 -P "$(nproc)" \
	gcc -std=c11 -D_XOPEN_SOURCE=700 -I. -Ibuild/plain/gen $flags \
	-fsyntax-only -Wall -Wextra -Werror -Wno-unused -x c || failed=1
exit $failed
