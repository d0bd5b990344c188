/*
 * scr_proof.c - one signed entry of a patient's record and what proves it:
 * the signature and whose it is, the chain of the seat, the contents, the
 * place that the centre gave it. The record is looked at anew each time.
 */
#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/kind.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/pager.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>

struct proof_screen {
	struct screen base;
	struct desk *desk;
	struct proof_arg arg;
	struct desk_proof proof;
	int rc; /* of looking at it */
	struct pager pager;
};

static struct proof_screen *of(struct screen *s)
{
	return (struct proof_screen *)s;
}

#define LABEL 12

static void line(
    struct proof_screen *p, enum look look, const char *label, const char *text)
{
	int pad = LABEL - draw_width(label);

	pager_tell(
	    &p->pager, look, "  %s%*s%s", label, pad > 1 ? pad : 1, "", text);
}

/* ---- who said it -------------------------------------------------------- */

static void fill_entry(struct proof_screen *p)
{
	const struct signed_entry *e = &p->arg.entry;
	char text[200], name[96], when[TIME_TEXT], seat[ID_HEX];

	desk_member_name(name, sizeof(name), p->desk, e->member);
	time_text(when, e->at_s, p->desk->zone_s);
	id_hex(seat, &e->seat);
	line(p, LOOK_TEXT, _("Entry     "),
	    e->is_known ? tr(kind_info(e->kind)->title) : "?");
	snprintf(text, sizeof(text), "%s %s", e->member, name);
	line(p, LOOK_TEXT, _("Said by   "), text);
	line(p, LOOK_TEXT, _("At        "), when);
	snprintf(text, sizeof(text), "%.8s... #%llu.%d", seat,
	    (unsigned long long)e->seq, e->index);
	line(p, LOOK_TEXT, _("Record    "), text);
}

/* ---- what proves it ----------------------------------------------------- */

static void fill_signature(struct proof_screen *p)
{
	const struct desk_proof *f = &p->proof;
	char text[200];

	if (f->fault[0]) {
		snprintf(text, sizeof(text), _("WRONG: %s"), f->fault);
		line(p, LOOK_ALERT, _("Signature "), text);
		pager_tell(&p->pager, LOOK_ALERT, "  %s",
		    _("Report this to whoever runs the centre; nothing here "
		      "is deleted."));
		return;
	}
	snprintf(text, sizeof(text), _("good, by key %s of %s"), f->key,
	    p->arg.entry.member);
	line(p, LOOK_DONE, _("Signature "), text);
	line(p, LOOK_DONE, _("Chain     "),
	    f->is_linked ? _("follows the record before it, which is here")
			 : _("names the record before it, which is not on "
			     "this terminal"));
	snprintf(text, sizeof(text),
	    _("%d here and as signed, %d not given to this terminal"), f->boxes,
	    f->withheld);
	line(p, LOOK_DONE, _("Contents  "), text);
}

static void fill_place(struct proof_screen *p)
{
	const struct desk_proof *f = &p->proof;
	const struct signed_entry *e = &p->arg.entry;
	char text[300], when[TIME_TEXT];
	enum look look;

	if (e->pos < 0) {
		line(p, LOOK_LATE, _("Place     "),
		    _("none yet: the centre has not received it"));
		return;
	}
	time_text(when, f->placed_s, p->desk->zone_s);
	snprintf(text, sizeof(text),
	    f->is_placed ? _("%lld of the log, given %s")
			 : _("%lld of the log, told by the centre"),
	    (long long)e->pos, when);
	line(p, f->is_placed ? LOOK_DONE : LOOK_TEXT, _("Place     "), text);
	look = words_verdict(text, sizeof(text), p->desk, e);
	line(p, look, _("Verdict   "), text);
	snprintf(text, sizeof(text), _("signed by the centre over %llu places"),
	    (unsigned long long)f->size);
	line(p, f->size > (uint64_t)e->pos ? LOOK_DONE : LOOK_LATE,
	    _("Checkpoint"),
	    f->size ? text : _("none of the centre's is here"));
}

static void fill(struct proof_screen *p)
{
	pager_clear(&p->pager);
	pager_head(&p->pager, _("What was said"));
	fill_entry(p);
	pager_head(&p->pager, _("What proves it"));
	if (p->rc < 0 && p->rc != ERR_CHECK) {
		line(p, LOOK_LATE, _("Signature "),
		    p->desk->keys.prove ? tr(err_text(p->rc))
					: _("nothing is signed here"));
		return;
	}
	fill_signature(p);
	fill_place(p);
	pager_head(&p->pager, _("Its names, as an export of the log has them"));
	line(p, LOOK_DIM, "BLAKE2b", p->proof.hash);
	line(p, LOOK_DIM, "git", p->proof.git);
}

/* ---- the screen --------------------------------------------------------- */

static int proof_open(struct screen *s, const void *arg)
{
	struct proof_screen *p = of(s);
	const struct signed_entry *e;

	p->desk = desk_of(s->app);
	p->arg = *(const struct proof_arg *)arg;
	e = &p->arg.entry;
	p->rc = p->desk->keys.prove ? p->desk->keys.prove(p->desk->keys.ctx,
					  &p->proof, &e->seat, e->seq)
				    : ERR_NOT_FOUND;
	fill(p);
	return 0;
}

static void proof_close(struct screen *s)
{
	pager_fini(&of(s)->pager);
}

static unsigned proof_refresh(struct screen *s)
{
	fill(of(s));
	return REACT_DRAW;
}

static void proof_draw(struct screen *s, struct grid *g)
{
	pager_draw(&of(s)->pager, g,
	    (struct spot){screen_top(), 1, g->cols - 2, LOOK_TEXT, false},
	    screen_bottom(g) - screen_top());
}

static unsigned proof_op(struct screen *s, enum op op)
{
	return pager_op(&of(s)->pager, op) ? REACT_DRAW : REACT_PASS;
}

static const enum op proof_ops[] = {OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops proof_screen = {
    .name = "proof",
    .title = N_("Proof of an entry"),
    .size = sizeof(struct proof_screen),
    .ops = proof_ops,
    .open = proof_open,
    .close = proof_close,
    .draw = proof_draw,
    .op = proof_op,
    .refresh = proof_refresh,
};
