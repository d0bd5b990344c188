#!/bin/sh
# install.sh PREFIX BUILD - programs, translations, documents and the sample
# world below PREFIX.
set -eu
prefix=$1 build=$2
for f in "$build"/bin/suifang*; do
	install -D -m 755 "$f" "$prefix/bin/$(basename "$f")"
done
install -D -m 644 "$build/share/locale/zh_CN/LC_MESSAGES/suifang.mo" \
	"$prefix/share/locale/zh_CN/LC_MESSAGES/suifang.mo"
for f in README.md LICENSE docs/*.md; do
	[ -e "$f" ] || continue
	install -D -m 644 "$f" "$prefix/share/doc/suifang/$(basename "$f")"
done
(cd schemas/sample && find . -type f) | while read -r f; do
	install -D -m 644 "schemas/sample/$f" \
		"$prefix/share/suifang/sample/${f#./}"
done
echo "installed below $prefix"
