# code.awk - shared by the check scripts: C text without its comments.
# Call code($0) for every line in order; literals become "" and ''.

FNR == 1 { code_in_comment = 0 }

function code(s,   out, t, i) {
	out = ""
	while (s != "") {
		if (code_in_comment) {
			i = index(s, "*/")
			if (!i)
				return out
			s = substr(s, i + 2)
			code_in_comment = 0
		}
		if (!match(s, /["']|\/\*|\/\//))
			return out s
		out = out substr(s, 1, RSTART - 1)
		t = substr(s, RSTART, 2)
		s = substr(s, RSTART)
		if (t == "//")
			return out
		if (t == "/*") {
			code_in_comment = 1
			s = substr(s, 3)
		} else if (substr(t, 1, 1) == "\"") {
			out = out "\"\""
			if (!match(s, /^"([^"\\]|\\.)*"/))
				return out
			s = substr(s, RLENGTH + 1)
		} else {
			out = out "''"
			if (!match(s, /^'([^'\\]|\\.)*'/))
				return out
			s = substr(s, RLENGTH + 1)
		}
	}
	return out
}
