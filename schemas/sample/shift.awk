# shift.awk - moves the days of the sample files, so that a demo made in any
# month finds people who are due now. Files carry absolute days; they were
# written as of 2026-11-22. Birth days stay, or ages would change.
#   awk -v days=30 -f shift.awk hypertension.json

function civil_to_day(y, m, d,   era, yoe, doy) {
	y += 0
	m += 0
	y -= m <= 2
	era = int(y / 400)
	yoe = y - era * 400
	doy = int((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1
	return era * 146097 + yoe * 365 + int(yoe / 4) - int(yoe / 100) + doy
}

function day_to_civil(z,   era, doe, yoe, doy, mp, y, m) {
	era = int(z / 146097)
	doe = z - era * 146097
	yoe = int((doe - int(doe / 1460) + int(doe / 36524) - \
	    int(doe / 146096)) / 365)
	doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
	mp = int((5 * doy + 2) / 153)
	y = yoe + era * 400
	m = mp < 10 ? mp + 3 : mp - 9
	return sprintf("%04d-%02d-%02d", y + (m <= 2), m,
	    doy - int((153 * mp + 2) / 5) + 1)
}

{
	out = ""
	rest = $0
	while (match(rest, /"[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]["T]/)) {
		before = substr(rest, 1, RSTART - 1)
		date = substr(rest, RSTART + 1, 10)
		if (before !~ /"birthDate":$/)
			date = day_to_civil(days + civil_to_day( \
			    substr(date, 1, 4), substr(date, 6, 2), \
			    substr(date, 9, 2)))
		out = out before "\"" date
		rest = substr(rest, RSTART + 11)
	}
	print out rest
}
