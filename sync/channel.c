/*
 * channel.c - hellos, handshake frames and padded transport frames around
 * keys/noise.c. One frame at a time is gathered; nothing is allocated for a
 * length that the peer only declares until the channel is ready.
 */
#include "sync/channel.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/noise.h"
#include "keys/secret.h"
#include "sync/fragment.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define HANDSHAKE_MAX 256
#define KEEP 4096 /* of the input buffer between frames */

enum stage {
	STAGE_HELLO,
	STAGE_HANDSHAKE,
	STAGE_OPEN
};

/* What only an open channel has: strangers hold little memory. */
struct transport {
	struct noise_cipher tx, rx;
	struct fragments messages;
	uint64_t opened_ms;
};

struct channel {
	const struct channel_cfg *cfg;
	const struct env *env;
	struct noise *hs; /* once open, its hash and peer key remain */
	struct transport *open;
	struct buf in; /* at most one frame */
	struct buf out, payload;
	int failure;
	enum stage stage;
	bool is_initiator, has_ticket;
	uint8_t purpose, ticket[CHANNEL_TICKET];
};

static void drop_keys(struct channel *ch)
{
	if (ch->hs)
		secret_wipe(ch->hs, sizeof(*ch->hs));
	free(ch->hs);
	ch->hs = NULL;
	if (!ch->open)
		return;
	secret_wipe(&ch->open->tx, sizeof(ch->open->tx));
	secret_wipe(&ch->open->rx, sizeof(ch->open->rx));
}

/* Takes content over. */
static void send_frame(struct channel *ch, struct buf *content)
{
	buf_u16(&ch->out, (uint16_t)content->len);
	buf_add(&ch->out, content->data, content->len);
	buf_fini(content);
}

static int send_handshake(struct channel *ch, const void *payload, size_t n)
{
	struct buf message = {0};
	int r = noise_write(&message, ch->hs, payload, n);

	if (r < 0)
		buf_fini(&message);
	else
		send_frame(ch, &message);
	return r;
}

int channel_send(struct channel *ch, const void *msg, size_t n)
{
	uint8_t *text;
	size_t padded, size;

	if (ch->failure)
		return ch->failure;
	if (ch->stage != STAGE_OPEN)
		return err_set(ERR_PROTOCOL, "channel is not open");
	if (n == 0 || n > CHANNEL_MESSAGE_MAX)
		return err_set(ERR_TOO_LARGE, "message of %zu bytes", n);
	text = fragment_text(&padded, msg, n);
	for (size_t at = 0; at < padded; at += size) {
		size = fragment_size(padded, at);
		buf_u16(&ch->out, (uint16_t)(size + NOISE_TAG));
		noise_seal(&ch->out, &ch->open->tx, text + at, size);
	}
	secret_wipe(text, padded);
	free(text);
	return 0;
}

/* Takes over both hellos, the client's first. */
static void start_handshake(struct channel *ch, struct buf *hellos)
{
	struct buf prologue = {0};
	uint8_t ephemeral[CHANNEL_KEY];

	hello_prologue(&prologue, hellos);
	env_random(ch->env, ephemeral, sizeof(ephemeral));
	ch->hs = mem_new(sizeof(*ch->hs));
	noise_init(
	    ch->hs, &(struct noise_start){.is_initiator = ch->is_initiator,
			.has_psk = ch->purpose == PURPOSE_ENROL,
			.static_sk = ch->cfg->static_sk,
			.ephemeral_sk = ephemeral,
			.responder_pk = ch->cfg->node_pk,
			.prologue = prologue.data,
			.prologue_len = prologue.len});
	secret_wipe(ephemeral, sizeof(ephemeral));
	buf_fini(&prologue);
	buf_fini(hellos);
	ch->stage = STAGE_HANDSHAKE;
}

/* Initiator: the node's answer; sends message 1. */
static int on_answer(struct channel *ch, const uint8_t *data, size_t n)
{
	struct hello hello = hello_of(ch->cfg->purpose, &ch->cfg->org);
	struct hello_answer answer;
	struct buf hellos = {0};
	int r = hello_answer_read(&answer, data, n);

	if (r < 0)
		return r;
	r = hello_judge(&answer, &hello);
	if (r < 0)
		return r;
	hello_write(&hellos, &hello);
	buf_add(&hellos, data, n);
	start_handshake(ch, &hellos);
	if (ch->purpose != PURPOSE_ENROL)
		return send_handshake(ch, NULL, 0);
	noise_set_psk(ch->hs, ch->cfg->psk);
	return send_handshake(ch, ch->cfg->ticket, CHANNEL_TICKET);
}

/* Responder: the client's hello; answers it, with a refusal if need be. */
static int on_hello(struct channel *ch, const uint8_t *data, size_t n)
{
	struct hello hello;
	struct hello_answer answer;
	struct buf hellos = {0}, reply = {0};
	int r = hello_read(&hello, data, n);

	if (r < 0)
		return r;
	ch->purpose = (uint8_t)hello.purpose;
	r = hello_decide(&answer, &hello, &ch->cfg->org, &ch->cfg->node);
	hello_answer_write(&reply, &answer);
	buf_add(&hellos, data, n);
	buf_add(&hellos, reply.data, reply.len);
	if (r == 0)
		start_handshake(ch, &hellos);
	else
		buf_fini(&hellos);
	send_frame(ch, &reply);
	return r;
}

static void open_channel(struct channel *ch)
{
	ch->open = mem_new(sizeof(*ch->open));
	noise_split(&ch->open->tx, &ch->open->rx, ch->hs);
	ch->open->messages.max = ch->is_initiator ? 0 : CHANNEL_STRANGER_MAX;
	ch->open->opened_ms = env_mono_ms(ch->env);
	ch->stage = STAGE_OPEN;
}

/* Responder: message 1's payload is the ticket, or nothing in a session. */
static int on_ticket(struct channel *ch, const uint8_t *payload, size_t n)
{
	uint8_t psk[CHANNEL_KEY];
	int r;

	if (n != (ch->purpose == PURPOSE_ENROL ? CHANNEL_TICKET : 0))
		return err_set(ERR_PROTOCOL, "message 1 carries %zu bytes", n);
	if (ch->purpose != PURPOSE_ENROL)
		return 0;
	memcpy(ch->ticket, payload, CHANNEL_TICKET);
	ch->has_ticket = true;
	if (!ch->cfg->find_psk)
		return err_set(ERR_NOT_PERMITTED, "no enrolment here");
	r = ch->cfg->find_psk(psk, ch->cfg->ctx, ch->ticket);
	if (r == 0)
		noise_set_psk(ch->hs, psk);
	secret_wipe(psk, sizeof(psk));
	return r;
}

static int on_handshake(struct channel *ch, const uint8_t *data, size_t n)
{
	bool is_enrolment = ch->purpose == PURPOSE_ENROL;
	uint8_t payload[HANDSHAKE_MAX];
	size_t len;
	int r = noise_read(payload, &len, ch->hs, data, n);

	if (r < 0)
		return r;
	if (ch->hs->step == 1) {
		r = on_ticket(ch, payload, len);
		return r < 0 ? r : send_handshake(ch, NULL, 0);
	}
	if (len > 0 && (ch->is_initiator || !is_enrolment))
		return err_set(ERR_PROTOCOL, "unexpected payload");
	if (ch->is_initiator)
		r = send_handshake(ch, ch->cfg->payload,
		    is_enrolment ? ch->cfg->payload_len : 0);
	else
		buf_add(&ch->payload, payload, len);
	if (r < 0)
		return r;
	open_channel(ch);
	return 0;
}

static int on_sealed(struct channel *ch, uint8_t *data, size_t n)
{
	int r = noise_open(data, &ch->open->rx, data, n);

	if (r < 0)
		return r;
	r = fragments_add(&ch->open->messages, data, n - NOISE_TAG);
	secret_wipe(data, n);
	return r;
}

static bool is_frame_size(const struct channel *ch, size_t n)
{
	/* Only an enrolment with a known ticket has more to say. */
	const size_t plain = NOISE_KEY + 2 * NOISE_TAG;
	const size_t max[] = {[STAGE_HELLO] = HELLO_MAX,
	    [STAGE_HANDSHAKE] = ch->has_ticket ? HANDSHAKE_MAX : plain,
	    [STAGE_OPEN] = FRAGMENT_MAX + NOISE_TAG};
	bool is_padded = n % FRAGMENT_PAD == NOISE_TAG && n > NOISE_TAG;

	return n > 0 && n <= max[ch->stage] &&
	       (is_padded || ch->stage != STAGE_OPEN);
}

static int on_frame(struct channel *ch, uint8_t *data, size_t n)
{
	if (ch->stage == STAGE_OPEN)
		return on_sealed(ch, data, n);
	if (ch->stage == STAGE_HANDSHAKE)
		return on_handshake(ch, data, n);
	return ch->is_initiator ? on_answer(ch, data, n)
				: on_hello(ch, data, n);
}

/* Bytes missing of the frame, or of its length while that is unknown. */
static int frame_missing(size_t *out, struct channel *ch)
{
	size_t n;

	if (ch->in.len < 2) {
		*out = 2 - ch->in.len;
		return 0;
	}
	n = (size_t)ch->in.data[0] << 8 | ch->in.data[1];
	if (!is_frame_size(ch, n))
		return err_set(ERR_PROTOCOL, "frame of %zu bytes", n);
	*out = 2 + n - ch->in.len;
	buf_reserve(&ch->in, *out);
	return 0;
}

static int gather(struct channel *ch, const uint8_t *p, size_t n)
{
	size_t missing;
	int r = frame_missing(&missing, ch);

	while (r == 0 && n > 0) {
		size_t take = missing < n ? missing : n;
		buf_add(&ch->in, p, take);
		p += take;
		n -= take;
		r = frame_missing(&missing, ch);
		if (r < 0 || missing > 0)
			continue;
		r = on_frame(ch, ch->in.data + 2, ch->in.len - 2);
		if (ch->in.cap > KEEP)
			buf_fini(&ch->in);
		buf_clear(&ch->in);
		missing = 2;
	}
	return r;
}

int channel_feed(struct channel *ch, const void *data, size_t n)
{
	if (ch->failure)
		return ch->failure;
	ch->failure = gather(ch, data, n);
	if (ch->failure)
		drop_keys(ch);
	return ch->failure;
}

bool channel_next(const uint8_t **msg, size_t *n, struct channel *ch)
{
	return ch->open && fragments_next(msg, n, &ch->open->messages);
}

struct channel *channel_new_responder(
    const struct channel_cfg *cfg, const struct env *env)
{
	struct channel *ch = mem_new(sizeof(*ch));

	ch->cfg = cfg;
	ch->env = env;
	return ch;
}

struct channel *channel_new_initiator(
    const struct channel_cfg *cfg, const struct env *env)
{
	struct channel *ch = channel_new_responder(cfg, env);
	struct hello hello = hello_of(cfg->purpose, &cfg->org);
	struct buf content = {0};

	assert(cfg->payload_len <= CHANNEL_PAYLOAD_MAX);
	hello_write(&content, &hello);
	send_frame(ch, &content);
	ch->is_initiator = true;
	ch->purpose = (uint8_t)cfg->purpose;
	return ch;
}

void channel_free(struct channel **at)
{
	struct channel *ch = *at;

	if (!ch)
		return;
	drop_keys(ch);
	if (ch->open)
		fragments_fini(&ch->open->messages);
	free(ch->open);
	buf_fini(&ch->in);
	buf_fini(&ch->out);
	buf_fini(&ch->payload);
	free(ch);
	*at = NULL;
}

void channel_trust(struct channel *ch)
{
	if (ch->open)
		ch->open->messages.max = 0;
}

struct buf *channel_out(struct channel *ch)
{
	return &ch->out;
}

bool channel_is_ready(const struct channel *ch)
{
	return ch->stage == STAGE_OPEN && ch->failure == 0;
}

bool channel_is_expired(const struct channel *ch)
{
	return ch->stage == STAGE_OPEN &&
	       env_mono_ms(ch->env) - ch->open->opened_ms >= CHANNEL_LIFE_MS;
}

int channel_purpose(const struct channel *ch)
{
	return ch->purpose;
}

const uint8_t *channel_handshake_hash(const struct channel *ch)
{
	return channel_is_ready(ch) ? ch->hs->hash : NULL;
}

const uint8_t *channel_peer_static(const struct channel *ch)
{
	return channel_is_ready(ch) ? ch->hs->peer_static : NULL;
}

const uint8_t *channel_ticket(const struct channel *ch)
{
	return ch->has_ticket ? ch->ticket : NULL;
}

const struct buf *channel_payload(const struct channel *ch)
{
	return &ch->payload;
}
