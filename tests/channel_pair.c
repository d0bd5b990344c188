/* channel_pair.c - an initiator and a responder without a network. */
#include "tests/channel_pair.h"

#include "core/err.h"
#include "keys/noise.h"

static int find_psk(
    uint8_t psk[CHANNEL_KEY], void *ctx, const uint8_t ticket[CHANNEL_TICKET])
{
	struct channel_pair *p = ctx;

	if (memcmp(ticket, p->ticket, CHANNEL_TICKET) != 0)
		return err_set(ERR_CODE, "unknown ticket");
	memcpy(psk, p->node_psk, CHANNEL_KEY);
	return 0;
}

void channel_pair_init(
    struct channel_pair *p, enum purpose purpose, uint64_t seed)
{
	const struct env *env = &p->env.env;

	*p = (struct channel_pair){0};
	test_env_init(&p->env, seed);
	env_random(env, p->client_sk, sizeof(p->client_sk));
	env_random(env, p->node_sk, sizeof(p->node_sk));
	env_random(env, p->psk, sizeof(p->psk));
	env_random(env, p->ticket, sizeof(p->ticket));
	memcpy(p->node_psk, p->psk, sizeof(p->psk));
	noise_public(p->node_pk, p->node_sk);
	memcpy(p->own_pk, p->node_pk, sizeof(p->own_pk));
	p->client_cfg = (struct channel_cfg){.org = {{1, 2, 3}},
	    .static_sk = p->client_sk,
	    .purpose = purpose,
	    .node_pk = p->node_pk,
	    .ticket = p->ticket,
	    .psk = p->psk};
	p->node_cfg = (struct channel_cfg){.org = {{1, 2, 3}},
	    .node = {{9, 8, 7}},
	    .static_sk = p->node_sk,
	    .node_pk = purpose == PURPOSE_SESSION ? p->own_pk : NULL,
	    .find_psk = find_psk,
	    .ctx = p};
}

void channel_pair_open(struct channel_pair *p)
{
	p->client = channel_new_initiator(&p->client_cfg, &p->env.env);
	p->node = channel_new_responder(&p->node_cfg, &p->env.env);
}

static bool carry(struct channel_pair *p, bool to_node)
{
	struct channel *from = to_node ? p->client : p->node;
	struct channel *to = to_node ? p->node : p->client;
	int *result = to_node ? &p->node_result : &p->client_result;
	struct buf bytes = *channel_out(from);

	if (bytes.len == 0)
		return false;
	*channel_out(from) = (struct buf){0};
	if (p->meddle)
		p->meddle(p, to_node, &bytes);
	p->passes++;
	*result = channel_feed(to, bytes.data, bytes.len);
	buf_fini(&bytes);
	return true;
}

void channel_pair_run(struct channel_pair *p)
{
	bool moved = true;

	while (moved) {
		moved = carry(p, true);
		moved = carry(p, false) || moved;
	}
}

bool channel_pair_is_ready(const struct channel_pair *p)
{
	return channel_is_ready(p->client) && channel_is_ready(p->node);
}

void channel_pair_fini(struct channel_pair *p)
{
	channel_free(&p->client);
	channel_free(&p->node);
}

void channel_pair_ready(struct channel_pair *p, enum purpose purpose)
{
	channel_pair_init(p, purpose, 1);
	channel_pair_open(p);
	channel_pair_run(p);
	assert_true(channel_pair_is_ready(p));
	channel_trust(p->node);
}
