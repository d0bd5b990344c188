/* presence.c - what is said of who is at work. */
#include "sync/presence.h"

#include "core/err.h"
#include "core/mem.h"
#include "sync/session_impl.h"
#include "sync/wire_impl.h"

#include <stdlib.h>
#include <string.h>

void presence_fini(struct presence_state *p)
{
	free(p->crew);
	*p = (struct presence_state){0};
}

/* ---- bytes --------------------------------------------------------------- */

void wire_crew(struct buf *out, const struct crew_seat *crew, size_t n)
{
	buf_u8(out, MSG_CREW);
	buf_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		buf_add(out, crew[i].seat.b, sizeof(crew[i].seat.b));
		buf_u8(out, crew[i].state);
		buf_u64(out, (uint64_t)crew[i].heard_s);
	}
}

int wire_read_crew(
    struct crew_seat *out, size_t *count, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);
	uint32_t total = reader_u32(&in);

	if (total > PRESENCE_SEATS)
		in.bad = true;
	for (uint32_t i = 0; i < total && !in.bad; i++) {
		uint64_t heard;
		reader_copy(out[i].seat.b, &in, sizeof(out[i].seat.b));
		out[i].state = reader_u8(&in);
		heard = reader_u64(&in);
		if (out[i].state > PRESENCE_AWAY || heard > INT53_MAX)
			in.bad = true;
		out[i].heard_s = (int64_t)heard;
	}
	*count = in.bad ? 0 : total;
	return wire_finish(&in);
}

/* ---- the terminal -------------------------------------------------------- */

void presence_ping(struct session *s)
{
	struct session_status status;

	if (!s->is_open)
		return;
	session_status(&status, s);
	s->pinged_ms = env_mono_ms(s->l->cfg.env);
	wire_number(&s->out, MSG_PING, status.unsent);
	session_send(s);
}

/* Under a millisecond is a way all the same. */
void presence_ponged(struct session *s)
{
	uint64_t took = env_mono_ms(s->l->cfg.env) - s->pinged_ms;

	s->presence.rtt_ms = took < 1 ? 1 : took < 60000 ? (int)took : 60000;
}

void presence_say(struct session *s, enum presence now)
{
	struct presence_state *p = &s->presence;

	if (!s->is_open || now == PRESENCE_OFFLINE || p->state == now)
		return;
	if (p->state == PRESENCE_OFFLINE)
		presence_ping(s);
	p->state = (uint8_t)now;
	wire_number(&s->out, MSG_PRESENCE, p->state);
	session_send(s);
}

int presence_take_crew(struct session *s, const void *data, size_t n)
{
	struct presence_state *p = &s->presence;

	if (!p->crew)
		p->crew = mem_array(PRESENCE_SEATS, sizeof(*p->crew));
	p->is_told = true;
	return wire_read_crew(p->crew, &p->count, data, n);
}

const struct crew_seat *presence_crew(size_t *count, const struct session *s)
{
	*count = s->presence.count;
	return s->presence.is_told ? s->presence.crew : NULL;
}

int presence_rtt_ms(const struct session *s)
{
	return s->presence.rtt_ms;
}

/* ---- the node ------------------------------------------------------------ */

int presence_take(struct session *s, const void *data, size_t n)
{
	uint64_t state;
	int r = wire_read_number(&state, data, n);

	if (r < 0)
		return r;
	if (state == PRESENCE_OFFLINE || state > PRESENCE_AWAY)
		return err_set(ERR_PROTOCOL, "no such presence");
	s->presence.state = (uint8_t)state;
	return 0;
}

/* Until a terminal says more it is there and does nothing. */
enum presence presence_of(const struct session *s)
{
	return s->presence.state ? (enum presence)s->presence.state
				 : PRESENCE_IDLE;
}

uint64_t presence_heard_ms(const struct session *s)
{
	return s->heard_ms;
}

void presence_tell(struct session *s, const struct crew_seat *crew, size_t n)
{
	wire_crew(&s->out, crew, n);
	session_send(s);
}
