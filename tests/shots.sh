#!/bin/sh
# shots.sh - pictures of the screens for README and review: runs the terminal
# on the demo world inside tmux and draws each pane with xterm on a private
# X display. Needs tmux xterm xvfb imagemagick fonts-noto-cjk; says so and
# ends well where they are missing.
# Usage: DEMO=build/demo BIN=build/plain/bin sh tests/shots.sh OUTDIR
set -eu
out=${1:-docs/screens}
for p in tmux xterm Xvfb import convert; do
	command -v $p > /dev/null || { echo "shots: $p is missing"; exit 0; }
done
mkdir -p "$out"
tmp=$(mktemp -d)
here=$PWD
tm() { tmux -L suifang-shots-$$ "$@"; }
trap 'tm kill-server 2> /dev/null || true; rm -rf "$tmp"' EXIT

open_seat() { # SEAT LANG COLS ROWS
	tm kill-session -t s 2> /dev/null || true
	awk -v m="$1" '$1 == m { print $2 }' "$DEMO/PASSPHRASES" > "$tmp/pass"
	tm new-session -d -s s -x "$3" -y "$4" \
		"cd '$here'; exec 3< '$tmp/pass'; TERM=screen-256color \
		'$BIN/suifang' --home '$DEMO/seats/$1' --lang $2 --passphrase-fd 3"
	sleep 2
}
open_practice() { # LANG COLS ROWS
	tm kill-session -t s 2> /dev/null || true
	tm new-session -d -s s -x "$2" -y "$3" \
		"cd '$here'; TERM=screen-256color '$BIN/suifang' --practice --lang $1"
	sleep 2
}
# A reason is asked outside the hours of calls; inside them it is a note.
reason() {
	tm capture-pane -p -t s | grep -qE '仍要拨打|Call all the same' || return 0
	keys "$1" Enter
}
keys() {
	for k in "$@"; do
		tm send-keys -t s "$k"
		# what follows an escape at once is a function key
		[ "$k" != Escape ] || sleep 0.2
	done
	sleep 0.7
}
shot() { # NAME
	set -- "$1" $(tm display-message -p -t s '#{pane_width} #{pane_height} #{cursor_x} #{cursor_y}')
	tm capture-pane -e -N -p -t s > "$tmp/raw"
	{ printf '\033[?7l\033[2J\033[H'
	  awk 'NR > 1 { printf "\r\n" } { printf "%s", $0 }' "$tmp/raw"
	  printf '\033[0m\033[%d;%dH' $(($5 + 1)) $(($4 + 1)); } > "$tmp/ansi"
	rm -f "$tmp/dpy" "$tmp/done"
	mkfifo "$tmp/dpy"
	Xvfb -displayfd 3 -screen 0 $(($2 * 14 + 40))x$(($3 * 30 + 40))x24 \
		-nolisten tcp 3> "$tmp/dpy" > /dev/null 2>&1 &
	x=$!
	read -r n < "$tmp/dpy"
	DISPLAY=:$n LC_ALL=C.UTF-8 xterm -u8 -fa 'DejaVu Sans Mono' \
		-fd 'Noto Sans Mono CJK SC' -fs 12 -geometry "$2x$3+0+0" -b 4 \
		-bg '#101418' -fg '#d8dee9' -cr '#ffd166' +sb \
		-xrm 'XTerm*cursorBlink:false' -e sh -c \
		"stty -echo; cat '$tmp/ansi'; : > '$tmp/done'; sleep 20" &
	t=$!
	i=0
	while [ ! -e "$tmp/done" ] && [ $i -lt 100 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	sleep 0.4
	DISPLAY=:$n import -silent -window root "$tmp/o.png"
	convert "$tmp/o.png" -trim +repage -colors 64 "$out/$1.png"
	kill $t $x 2> /dev/null || true
	wait $t $x 2> /dev/null || true
	echo "$out/$1.png"
}

# Invented patients need no demo.
open_practice zh 80 24
keys Enter
reason 急
shot agent-call-zh
keys F8
shot agent-details-zh
keys t 2 F8 n 15400000009 Enter 2 F7
shot agent-numbers-zh
keys Escape 1 1 1 1 1 1 136/82 Enter 1 1 1 1 1
shot agent-advice-zh
keys 1 2 Enter i e
shot agent-correct-zh
keys Escape 3 Enter
shot agent-past-zh
keys Escape
keys 1 m
shot agent-unmask-zh
keys Escape Escape v n 1 Enter n 3 Enter w 1
shot agent-visits-zh
keys Escape F
shot agent-lists-zh
keys Escape / w l Tab Space
shot agent-filter-zh
keys Escape Escape Enter
reason 急
keys 1 1 1 Escape H
shot agent-handover-zh
open_practice en 120 40
keys j Enter
reason late
keys 1 1 1 1 182/112 Enter
shot agent-alert-en
keys F4
shot agent-outcomes-en
keys Escape Tab "chest pain tonight" Enter
shot agent-note-en

[ -d "$DEMO/seats/A017" ] || { echo "shots: the rest needs the demo (make demo)"; exit 0; }
"$BIN/suifang-node" serve --home "$DEMO/node" --until-idle 600 \
	> "$tmp/node.log" 2>&1 &
node=$!
trap 'kill $node 2> /dev/null || true; tm kill-server 2> /dev/null || true
	rm -rf "$tmp"' EXIT

open_seat A017 zh 80 24
shot worklist-zh
keys i 2
shot record-trend-zh
keys Escape ?
shot help-zh
keys Escape
open_seat A017 en 120 40
shot worklist-en
keys Enter
shot call-en
keys F3
keys Enter F4 7 Enter
sleep 2
open_seat D001 zh 80 24
shot alerts-zh
open_seat S002 en 120 40
keys Space R
shot reassign-en
keys Tab
shot reassign-patients-en
keys Escape Escape
open_seat S002 zh 80 24
shot board-zh
keys K
shot indicators-zh
keys Enter
shot indicators-split-zh
keys Escape Escape
keys r
shot roster-zh
keys Escape p
shot content-zh
keys Escape F7 v
shot sync-zh
keys Escape :
shot palette-zh
tm kill-session -t s
tm new-session -d -s s -x 80 -y 24 "cd '$here'; TERM=screen-256color \
	'$BIN/suifang' --home '$DEMO/seats/A017' --lang zh"
sleep 2
shot unlock-zh
open_seat S002 en 120 40
keys K
shot indicators-en
