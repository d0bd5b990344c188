# sizes.awk - the counting of check_sizes.sh. Relies on the house form: a
# function's braces stand alone in column 0.

FILENAME ~ /sizes\.list$/ || FILENAME == "/dev/null" {
	if ($0 !~ /^#/ && NF)
		excepted[$1] = 1
	next
}

function bad(line, why) {
	print file ":" line ": " why
	failed = 1
}

function end_of_file(   most) {
	most = file ~ /\.h$/ ? 150 : 600
	if (file != "" && last > most && !(file in excepted))
		bad(last, last " lines, at most " most)
}

# Name of the function in a signature: the word before the first "(" that is
# no attribute.
function name_of(sig) {
	gsub(/__attribute__[ ]*\(\([^()]*(\([^()]*\))?[^()]*\)\)/, "", sig)
	gsub(/PRINTF_LIKE\([^)]*\)/, "", sig)
	rest = sig
	if (!match(sig, /[A-Za-z_][A-Za-z_0-9]*[ ]*\(/))
		return ""
	rest = substr(sig, RSTART + RLENGTH)
	sig = substr(sig, RSTART, RLENGTH - 1)
	sub(/ +$/, "", sig)
	return sig
}

# Parameters in what follows a function's first "(".
function count_parameters(s,   i, c, depth, n) {
	depth = n = 1
	if (s ~ /^[ ]*(void)?[ ]*\)/)
		return 0
	for (i = 1; i <= length(s) && depth > 0; i++) {
		c = substr(s, i, 1)
		if (c == "(")
			depth++
		else if (c == ")")
			depth--
		else if (c == "," && depth == 1)
			n++
	}
	return n
}

function end_of_function(   size, where) {
	size = FNR - sig_line + 1
	where = file ":" fn
	inside = 0
	if (where in excepted)
		return
	total++
	within += size <= 40
	if (size > 60)
		bad(sig_line, fn "() has " size " lines, at most 60")
	if (params > 5)
		bad(sig_line, fn "() has " params " parameters, at most 5")
}

FNR == 1 {
	end_of_file()
	file = FILENAME
	inside = 0
	sig = ""
}

{
	last = FNR
	text = code($0)
	if (inside) {
		if ($0 ~ /^}/)
			end_of_function()
		next
	}
	if (text ~ /^{/) {
		fn = name_of(sig)
		if (fn != "" && sig !~ /=[ ]*$/) {
			params = count_parameters(rest)
			inside = 1
		}
		sig = ""
		next
	}
	if (text ~ /^[ \t]*$/ || text ~ /^#/ || text ~ /[;}][ \t]*$/) {
		sig = ""
		next
	}
	if (sig == "" && text ~ /^[A-Za-z_]/)
		sig_line = FNR
	if (sig != "" || text ~ /^[A-Za-z_]/)
		sig = sig " " text
}

END {
	end_of_file()
	if (total && within * 10 < total * 9) {
		printf "%d of %d functions are within 40 lines, ", within, total
		print "nine in ten must be"
		failed = 1
	}
	exit failed
}
