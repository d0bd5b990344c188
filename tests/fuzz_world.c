/* fuzz_world.c - the world that session messages are thrown at. */
#include "tests/fuzz_world.h"

#include "core/buf.h"

#include <assert.h>

#define HANDSHAKE_SEED 5

static struct world *world;
static struct world_seat *agent;

static void free_world(void)
{
	world_free(world);
}

struct world_seat *fuzz_world(void)
{
	struct id patient;
	int r;

	if (agent)
		return agent;
	world = world_new(1);
	agent = world_join(world, "A017", "agent");
	r = world_sync(agent);
	patient = world_patient(world, "欧阳建国", "A017");
	r = r < 0 ? r : world_sync(agent);
	world_say(agent, KIND_NOTE_ADDED, &patient, "{\"text\":\"说明\"}");
	r = r < 0 ? r : world_sync(agent);
	world_say(agent, KIND_NOTE_ADDED, &patient, "{\"text\":\"a\"}");
	world_say(agent, KIND_NOTE_ADDED, &patient, "{\"text\":\"b\"}");
	world_patient(world, "单于婉儿", "A017");
	assert(r == 0);
	atexit(free_world);
	return agent;
}

static void pass_first(struct session *to, struct buf *queue)
{
	struct reader in = reader_of(queue->data, queue->len);
	size_t n;
	const uint8_t *msg = reader_block(&in, &n, queue->len);
	int r = msg ? session_message(to, msg, n) : -1;

	assert(r == 0);
	buf_clear(queue);
}

void fuzz_world_connect(struct world_seat *seat, bool is_open)
{
	seat->world->env.seed = HANDSHAKE_SEED;
	world_connect(seat);
	if (!is_open)
		return;
	pass_first(seat->there, &seat->to_node);
	pass_first(seat->here, &seat->to_seat);
	assert(session_is_open(seat->there) && session_is_open(seat->here));
}
