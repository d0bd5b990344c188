# gettext.awk - the reading of check_gettext.sh: follows parentheses so that
# every literal is judged by the calls around it.

FILENAME ~ /gettext\.list$/ || FILENAME == "/dev/null" {
	if ($0 !~ /^#/ && split($0, row, "\t") == 2)
		excepted[row[1] ":" row[2]] = 1
	next
}

FNR == 1 { depth = 0; in_comment = 0; word = "" }
/^[ \t]*#[ \t]*(include|error|if|pragma)/ { next }
/^}/ { depth = 0 }

function is_inside(calls,   i) {
	for (i = 1; i <= depth; i++)
		if (stack[i] ~ ("^(" calls ")$"))
			return 1
	return 0
}

function is_prose(s) {
	return s ~ /[\343-\357]/ || s ~ /[A-Za-z][a-z]+,? [A-Za-z]?[a-z]+/
}

function is_word(s) {
	gsub(/%[-+ #0-9.*]*(hh|h|ll|l|z|j)?[diouxXcsfgep%]/, "", s)
	gsub(/\\(x[0-9a-fA-F]+|[0-7]+|.)/, "", s)
	return s ~ /[A-Za-z][a-z]/
}

function judge(s) {
	if (is_inside("_|N_|tr|err_set|note_[a-z]*|assert|_Static_assert"))
		return
	if ((FILENAME ":" s) in excepted)
		return
	if (is_prose(s) || (is_word(s) && is_inside(printers))) {
		print FILENAME ":" FNR ": not through gettext: \"" s "\""
		failed = 1
	}
}

BEGIN {
	printers = "v?f?printf|f?puts|w?add(n?str)|mvw?addn?str|buf_printf|" \
	    "draw_text|draw_at|draw_line|draw_field|dialog_[a-z_]*|bars_[a-z_]*"
}

{
	s = $0
	while (s != "") {
		if (in_comment) {
			i = index(s, "*/")
			if (!i)
				next
			s = substr(s, i + 2)
			in_comment = 0
			continue
		}
		if (!match(s, /[A-Za-z_][A-Za-z_0-9]*|["'()]|\/\*/))
			next
		t = substr(s, RSTART, RLENGTH)
		s = substr(s, RSTART)
		if (t == "\"" || t == "'") {
			if (!match(s, t == "'" ? \
			    "^'([^'\\\\]|\\\\.)*'" : "^\"([^\"\\\\]|\\\\.)*\""))
				next
			if (t == "\"")
				judge(substr(s, 2, RLENGTH - 2))
			s = substr(s, RLENGTH + 1)
			word = ""
			continue
		}
		s = substr(s, length(t) + 1)
		if (t == "/*")
			in_comment = 1
		else if (t == "(")
			stack[++depth] = word
		else if (t == ")" && depth > 0)
			depth--
		word = t ~ /^[A-Za-z_]/ ? t : ""
	}
}

END { exit failed }
