#!/bin/sh
# shots.sh - pictures of the screens for README and review: runs the terminal
# inside tmux, on invented patients and on the demo world, and draws each
# pane with xterm on a private X display. Every screen in zh and en at 80x24;
# those named in WIDE at 120x40 too ("all": every one). Needs tmux xterm xvfb
# imagemagick fonts-noto-cjk; says so and ends well where they are missing.
# With faketime the pictures show the morning of a working day.
# Usage: DEMO=build/demo BIN=build/plain/bin sh tests/shots.sh OUTDIR
# ONLY=agent, demo or the name of one part takes those alone; TEXT=DIR writes
# each screen as text too.
set -eu
out=${1:-docs/screens}
WIDE=${WIDE-"worklist-demo record-demo-trend call-alert alerts board reassign
	reassign-patients indicators calendar"}
ONLY=${ONLY:-}
for p in tmux xterm Xvfb import convert; do
	command -v $p > /dev/null || { echo "shots: $p is missing"; exit 0; }
done
mkdir -p "$out"
[ -z "${TEXT:-}" ] || mkdir -p "$TEXT"
tmp=$(mktemp -d)
here=$PWD
node=
tm() { tmux -L suifang-shots-$$ "$@"; }
trap 'tm kill-server 2> /dev/null || true
	[ -z "$node" ] || kill $node $x 2> /dev/null || true
	[ -z "$x" ] || kill $x 2> /dev/null || true; rm -rf "$tmp"' EXIT

# The hours of calls, where the clock may be moved.
hour=$(($(date +%s) / 3600 + 8))
hour=$((hour % 24))
clock=
if command -v faketime > /dev/null && { [ $hour -lt 9 ] || [ $hour -gt 17 ]; }
then
	at=$(date +%s)
	day=$(((at + 28800) / 86400 + (hour > 17)))
	clock="faketime -f +$((day * 86400 - 28800 + 34800 - at))s"
fi

mkfifo "$tmp/dpy"
x=
Xvfb -displayfd 3 -screen 0 1720x1240x24 -nolisten tcp 3> "$tmp/dpy" \
	> /dev/null 2>&1 &
x=$!
read -r dpy < "$tmp/dpy"

# ---- one terminal ------------------------------------------------------------

lang=zh cols=80 rows=24 suffix=
tm new-session -d -s keep "exec sleep 7200" # the server stays between seats
start() { # ARGS of suifang
	tm kill-session -t s 2> /dev/null || true
	tm new-session -d -s s -x $cols -y $rows "cd '$here'; exec 3< '$tmp/pass'
		TERM=screen-256color exec $clock '$BIN/suifang' --lang $lang $*"
	sleep 1.5
	rest
}
seat() { # MEMBER
	awk -v m="$1" '$1 == m { print $2 }' "$DEMO/PASSPHRASES" > "$tmp/pass"
	start --home "'$DEMO/seats/$1'" --passphrase-fd 3
}
practice() {
	: > "$tmp/pass"
	start --practice
}
pane() { tm capture-pane -e -p -t s; }
# Until the screen rests: a loaded machine draws late.
rest() {
	sleep 0.4
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		pane > "$tmp/was"
		sleep 0.3
		pane | cmp -s - "$tmp/was" && break
	done
}
keys() {
	for k in "$@"; do
		tm send-keys -t s "$k"
		# what follows an escape at once is a function key
		[ "$k" != Escape ] || sleep 0.3
	done
	rest
}
# A reason is asked outside the hours of calls; inside them it is a note.
reason() {
	tm capture-pane -p -t s | grep -qE '仍要拨打|Call all the same' || return 0
	keys "$1" Enter
}
wanted() { # is NAME taken at this size
	[ $cols = 80 ] && return 0
	[ "$WIDE" = all ] && return 0
	for w in $WIDE; do [ "$w" != "$1" ] || return 0; done
	return 1
}
shot() { # NAME
	wanted "$1" || return 0
	file=$1-$lang$suffix
	[ -z "${TEXT:-}" ] || tm capture-pane -N -p -t s > "$TEXT/$file.txt"
	tm capture-pane -e -N -p -t s > "$tmp/raw"
	{ printf '\033[?7l\033[2J\033[H'
	  awk 'NR > 1 { printf "\r\n" } { printf "%s", $0 }' "$tmp/raw"
	  tm display-message -p -t s '#{cursor_y} #{cursor_x}' |
		awk '{ printf "\033[0m\033[%d;%dH", $1 + 1, $2 + 1 }'
	} > "$tmp/ansi"
	rm -f "$tmp/done"
	DISPLAY=:$dpy LC_ALL=C.UTF-8 xterm -u8 -fa 'DejaVu Sans Mono' \
		-fd 'Noto Sans Mono CJK SC' -fs 12 -geometry "${cols}x$rows+0+0" \
		-b 4 -bg '#101418' -fg '#d8dee9' -cr '#ffd166' +sb \
		-xrm 'XTerm*cursorBlink:false' -e sh -c \
		"stty -echo; cat '$tmp/ansi'; : > '$tmp/done'; sleep 20" &
	t=$!
	i=0
	while [ ! -e "$tmp/done" ] && [ $i -lt 100 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	sleep 0.4
	DISPLAY=:$dpy import -silent -window root "$tmp/o.png"
	convert "$tmp/o.png" -trim +repage -colors 32 -strip \
		-define png:compression-level=9 "$out/$file.png"
	kill $t 2> /dev/null || true
	wait $t 2> /dev/null || true
	echo "$out/$file.png"
}
# Takes the pictures of a part: both languages at both sizes.
each() { # PART
	for lang in zh en; do
		cols=80 rows=24 suffix=
		"$1"
		[ -n "$WIDE" ] || continue
		cols=120 rows=40 suffix=-wide
		"$1"
	done
}

# ---- an agent, with invented patients ----------------------------------------

agent_call() {
	practice
	shot worklist
	keys '?'
	shot help
	keys Escape ':'
	shot palette
	keys Escape Enter
	reason 急
	shot call
	keys F8
	shot call-details
	keys t 2 F8 n 15400000009 Enter 2 F7
	shot call-numbers
	keys Escape 1 1 1 F6
	shot call-skip
	keys Escape F5
	shot call-callback
	keys Escape 1 1 1 136/82 Enter 1 1 1 1 1
	shot call-end
	keys 1 2 Enter
	shot call-saved
	keys G i e j j j
	shot correct
	keys Enter 2 F2
	keys "misheard 听错" Enter
	keys 3 j Enter
	shot past-call
	keys Escape
	keys 7
	shot record-audit
}
agent_record() {
	practice
	keys i
	for tab in overview trend history medication results alerts; do
		shot record-$tab
		keys Tab
	done
	keys 1 m
	shot record-unmask
	keys Escape Escape v
	shot visits-empty
	keys n 1 Enter n 3 Enter w 1
	shot visits
	keys Escape F
	shot lists
	keys Escape / w l Tab Space
	shot filter
	keys Escape Escape / z z z
	shot filter-empty
	keys Escape Escape s
	shot snooze
	keys Escape a
	shot raise
	keys Escape I
	shot incoming-ask
	keys 0002 Enter
	shot incoming
	keys Escape
	keys Escape
	keys Enter
	reason 急
	keys F5 Enter
	keys c
	shot calendar
	keys Enter Down m Right + +
	shot calendar-move
	keys Escape Escape Escape A
	shot alerts-empty
	keys Escape Enter
	reason 急
	keys 1 1 1 Escape
	keys H
	shot handover
}
agent_alert() {
	practice
	keys j Enter
	reason late
	keys 1 1 1 1 182/112 Enter
	shot call-alert
	keys F9
	shot call-told
	keys Escape F4
	shot call-outcomes
	keys Escape Tab "chest pain tonight 胸痛" Enter
	shot call-note
}

# ---- the demo world ----------------------------------------------------------

serve() {
	$clock "$BIN/suifang-node" serve --home "$DEMO/node" --until-idle 900 \
		> "$tmp/node.log" 2>&1 &
	node=$!
	sleep 2
}

# A call that raises an emergency, one that nobody answers; once.
demo_calls() {
	keys / z w Tab Enter
	reason 急
	keys 1 1 1 1 Enter
	keys 182 Enter 112 Enter
	shot call-emergency
	keys 1 Enter F4
	keys 8
	keys Escape Enter
	reason 急
	keys F3
}
demo_agent() {
	seat A017
	shot worklist-demo
	keys / z w Tab i 2
	shot record-demo-trend
	keys 5
	shot record-demo-results
	keys Escape
	keys Escape
	[ $lang$cols != zh80 ] || demo_calls
	keys h
	shot day-demo
	keys Escape
	keys F7 v
	sleep 1
	shot sync
	sleep 2
}
demo_clinician() {
	seat D001
	shot alerts
	keys r
	shot alerts-forward
	keys Escape
	[ $lang$cols = en80 ] || return 0
	keys a
	keys h
	keys 'ECG and cardiology' Enter
	keys f
	keys better Enter
	keys c
	shot alerts-closed
	keys o
	shot alerts-ended
}
demo_supervisor() {
	seat S002
	shot board
	keys Space R
	shot reassign
	keys Tab
	shot reassign-patients
	keys Escape
	keys C
	shot cover
	for to in K:indicators r:roster V:review p:content m:complaints \
		e:held F7:sync-supervisor '?:help-supervisor'; do
		keys Escape
		keys "${to%%:*}"
		shot "${to#*:}"
		[ "$to" != K:indicators ] || {
			keys Enter
			shot indicators-split
			keys Escape
		}
		[ "$to" != p:content ] || {
			keys G
			keys Enter
			shot content-text
			keys Escape
		}
	done
}
demo_door() {
	start --home "'$DEMO/seats/A017'"
	shot unlock
	keys F6
	shot unlock-other
	tm kill-session -t s 2> /dev/null || true
	awk '$1 == "A017" { print $2 }' "$DEMO/PASSPHRASES" > "$tmp/pass"
	tm new-session -d -s s -x $cols -y $rows "cd '$here'
		exec $clock '$BIN/suifang' --lang $lang --plain \
		--home '$DEMO/seats/A017' --passphrase-fd 3 3< '$tmp/pass'"
	sleep 2
	keys 1 Enter
	keys 急 Enter 1 Enter 1 Enter '.?' Enter
	shot plain
}

for part in agent_call agent_record agent_alert; do
	case $part in "$ONLY"*) each $part ;; esac
done
[ -d "$DEMO/seats/A017" ] ||
	{ echo "shots: the rest needs the demo (make demo)"; exit 0; }
for part in demo_agent demo_clinician demo_supervisor demo_door; do
	case $part in "$ONLY"*) ;; *) continue ;; esac
	[ -n "$node" ] || serve
	each $part
done
