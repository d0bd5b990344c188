/*
 * sha1_x86.c - SHA-1 by the instructions that x86 processors of the last
 * years have for it: a sixth of the time, and git's name of a record was a
 * twelfth of all that the centre does for it. Elsewhere it says no. Source:
 * Intel, SDM volume 2, SHA1RNDS4 and its neighbours.
 */
#include "keys/sha1_impl.h"

#include <assert.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

bool sha1_x86_can(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) ||
	    !(c & bit_SSE4_1))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* Words are used in fours, the newest four of sixteen in place of the
 * oldest. */
#define SCHEDULE(i)                                                            \
	(w[(i) % 4] = _mm_sha1msg2_epu32(                                      \
	     _mm_xor_si128(_mm_sha1msg1_epu32(w[(i) % 4], w[((i) + 1) % 4]),   \
		 w[((i) + 2) % 4]),                                            \
	     w[((i) + 3) % 4]))

/* Four rounds of the kind that stands at i / 5. */
#define FOUR(i)                                                                \
	do {                                                                   \
		if ((i) >= 4)                                                  \
			SCHEDULE(i);                                           \
		e = (i) == 0 ? _mm_add_epi32(e, w[0])                          \
			     : _mm_sha1nexte_epu32(e, w[(i) % 4]);             \
		before = abcd;                                                 \
		abcd = _mm_sha1rnds4_epu32(abcd, e, (i) / 5);                  \
		e = before;                                                    \
	} while (0)

#define TWENTY(i)                                                              \
	do {                                                                   \
		FOUR(i);                                                       \
		FOUR((i) + 1);                                                 \
		FOUR((i) + 2);                                                 \
		FOUR((i) + 3);                                                 \
		FOUR((i) + 4);                                                 \
	} while (0)

TARGET("sha,ssse3,sse4.1")
void sha1_blocks_x86(uint32_t h[5], const uint8_t *p, size_t n)
{
	const __m128i big =
	    _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
	__m128i abcd =
	    _mm_set_epi32((int)h[0], (int)h[1], (int)h[2], (int)h[3]);
	__m128i e = _mm_set_epi32((int)h[4], 0, 0, 0), before, w[4];

	for (; n > 0; n--, p += 64) {
		const __m128i was = abcd, was_e = e;
		for (size_t i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(
			    _mm_loadu_si128((const void *)(p + 16 * i)), big);
		TWENTY(0);
		TWENTY(5);
		TWENTY(10);
		TWENTY(15);
		e = _mm_sha1nexte_epu32(e, was_e);
		abcd = _mm_add_epi32(abcd, was);
	}
	h[0] = (uint32_t)_mm_extract_epi32(abcd, 3);
	h[1] = (uint32_t)_mm_extract_epi32(abcd, 2);
	h[2] = (uint32_t)_mm_extract_epi32(abcd, 1);
	h[3] = (uint32_t)_mm_extract_epi32(abcd, 0);
	h[4] = (uint32_t)_mm_extract_epi32(e, 3);
}

#else

bool sha1_x86_can(void)
{
	return false;
}

void sha1_blocks_x86(uint32_t h[5], const uint8_t *p, size_t n)
{
	(void)h;
	(void)p;
	(void)n;
	assert(!"no such processor");
}

#endif
