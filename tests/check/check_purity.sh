#!/bin/sh
# check_purity.sh ROOT - the logic of core/ and sync/ asks nobody for time,
# randomness, files, sockets or environment: those come in by struct env or
# through the edge files named here. keys/ may touch key files and secure
# memory, but neither clocks nor sockets.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-.}" || exit 2
export LC_ALL=C
files=$(find core keys sync -name '*.[ch]' 2>/dev/null)
[ -n "$files" ] || { echo "no sources below $PWD"; exit 2; }

# shellcheck disable=SC2086
awk -f "$here/code.awk" -f /dev/stdin $files <<'AWK'
BEGIN {
	edge["core"] = "clock|net|vault[a-z_0-9]*|note|conf|store|drop|tr"
	edge["sync"] = "net[a-z_]*|home[a-z_]*|program_io|[a-z_0-9]*_main|drop|client|node[a-z_]*|ctl|" \
	    "import_[a-z_]*_?file|import|export[a-z_0-9]*"
	edge["keys"] = "keyfile[a-z_0-9]*|secret|harden"
	clocks = "time|clock|clock_gettime|gettimeofday|localtime(_r)?|" \
	    "rand|srand|random|srandom|[dlm]rand48|rand_r|arc4random[a-z_]*|" \
	    "getrandom|getentropy|sleep|usleep|nanosleep|alarm|timerfd_[a-z]*"
	sockets = "socket|socketpair|connect|bind|listen|accept4?|" \
	    "send|sendto|sendmsg|recv|recvfrom|recvmsg|getaddrinfo|" \
	    "epoll_[a-z0-9_]*|p?poll|p?select"
	files = "fopen|fdopen|freopen|fread|fwrite|fgets|getline|open|openat|" \
	    "creat|read|pread|write|pwrite|readv|writev|close|unlink|" \
	    "unlinkat|rename|mkdir|rmdir|opendir|readdir|stat|fstat|lstat|" \
	    "access|chmod|fsync|fdatasync|ftruncate|truncate|mkstemp|" \
	    "system|popen|fork|exec[lv][pe]*|posix_spawn[a-z]*|" \
	    "getenv|setenv|secure_getenv"
	drawn = "randombytes_buf|randombytes_random|randombytes_uniform"
}
FNR == 1 {
	split(FILENAME, part, "/")
	layer = part[1]
	base = FILENAME
	sub(/.*\//, "", base)
	sub(/\.[ch]$/, "", base)
	is_edge = base ~ ("^(" edge[layer] ")$")
	banned = clocks "|" sockets
	if (layer != "keys")
		banned = banned "|" files "|" drawn
	banned = "(^|[^A-Za-z_0-9>.*])(" banned ")[ ]*\\("
	code_in_comment = 0
}
is_edge { next }
{
	text = code($0)
	gsub(/->[ ]*/, ".", text)
	if (match(text, banned) && text !~ /^[a-z].*\)[ ]*;?$/) {
		call = substr(text, RSTART, RLENGTH)
		gsub(/[^A-Za-z_0-9]/, "", call)
		print FILENAME ":" FNR ": " call "() in pure logic"
		failed = 1
	}
}
END { exit failed }
AWK
