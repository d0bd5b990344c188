#!/bin/sh
# check_po.sh ROOT - every text for people has a Chinese translation: xgettext
# over all sources (keywords _ N_ tr, the second of err_set) against all
# tui/po/*.zh_CN.po. Fails on a missing, fuzzy or empty one and names it.
set -u
root=${1:-.}
cd "$root" || exit 1
command -v xgettext >/dev/null || { echo "check_po: gettext is missing"; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
files=$(ls core/*.c core/*.h core/*.def keys/*.c keys/*.h sync/*.c sync/*.h \
	sync/*.def tui/*.c tui/*.h tui/*.def 2>/dev/null)
[ -n "$files" ] || exit 0
xgettext --language=C --from-code=UTF-8 --keyword= --keyword=_ --keyword=N_ \
	--keyword=tr --keyword=err_set:2 -o "$tmp/all.pot" $files || exit 1
[ -s "$tmp/all.pot" ] || exit 0
bad=0
for f in tui/po/*.zh_CN.po; do
	msgfmt --check-format -o /dev/null "$f" || bad=1
	if [ -n "$(msgattrib --only-fuzzy --no-obsolete "$f" | grep '^msgid')" ]; then
		echo "$f: fuzzy translations"
		bad=1
	fi
done
msgcat --use-first -o "$tmp/zh.po" tui/po/*.zh_CN.po || exit 1
# --no-fuzzy-matching leaves untranslated texts empty instead of guessing.
msgmerge --quiet --no-fuzzy-matching -o "$tmp/merged.po" "$tmp/zh.po" \
	"$tmp/all.pot" || exit 1
msgattrib --untranslated --no-obsolete --no-wrap "$tmp/merged.po" > "$tmp/none.po"
if grep -q '^#:' "$tmp/none.po"; then
	grep -E '^(#:|msgid|")' "$tmp/none.po" | grep -v '^"[A-Z][A-Za-z-]*:' |
		grep -v '^msgid ""$' | sed 's/^/no Chinese text: /'
	bad=1
fi
exit $bad
