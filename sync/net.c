/* net.c - sockets: listening, accepting, bytes, the control socket. */
#define _GNU_SOURCE
#include "sync/net.h"

#include "core/err.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 512

/* ---- bytes ---------------------------------------------------------------*/

static bool is_transient(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int net_read(struct buf *in, int fd)
{
	ssize_t n = read(fd, buf_reserve(in, NET_READ), NET_READ);

	if (n > 0) {
		in->len += (size_t)n;
		in->data[in->len] = 0;
		return 0;
	}
	if (n < 0 && is_transient(errno))
		return 0;
	if (n == 0)
		return err_set(ERR_UNREACHABLE, "the peer closed");
	return err_set(ERR_UNREACHABLE, "read: %s", strerror(errno));
}

int net_write(struct buf *out, int fd)
{
	size_t done = 0;
	int r = 0;

	while (done < out->len) {
		/* Not write(): a broken connection must not raise SIGPIPE. */
		ssize_t n =
		    send(fd, out->data + done, out->len - done, MSG_NOSIGNAL);
		if (n >= 0) {
			done += (size_t)n;
		} else if (errno != EINTR) {
			if (!is_transient(errno))
				r = err_set(ERR_UNREACHABLE, "write: %s",
				    strerror(errno));
			break;
		}
	}
	buf_consume(out, done);
	return r;
}

bool net_wait(int fd, bool for_writing, int timeout_ms)
{
	struct pollfd p = {fd, for_writing ? POLLOUT : POLLIN, 0};

	return poll(&p, 1, timeout_ms) > 0;
}

void net_sleep(int ms)
{
	(void)poll(NULL, 0, ms);
}

void net_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- addresses -----------------------------------------------------------*/

int net_split(char *host, uint16_t *port, const char *address)
{
	const char *colon = strrchr(address, ':'), *start = address;
	unsigned long n;
	char *end;
	size_t len;

	if (!colon || colon[1] < '0' || colon[1] > '9')
		return err_set(ERR_INVALID, "address without port");
	n = strtoul(colon + 1, &end, 10);
	if (*end || n == 0 || n > 65535)
		return err_set(ERR_INVALID, "port out of range");
	len = (size_t)(colon - address);
	if (len > 2 && address[0] == '[' && colon[-1] == ']') {
		start++;
		len -= 2;
	} else if (address[0] == '[' || memchr(address, ':', len)) {
		return err_set(ERR_INVALID, "IPv6 address without brackets");
	}
	if (len == 0 || len >= NET_ADDRESS_TEXT)
		return err_set(ERR_INVALID, "address without host");
	memcpy(host, start, len);
	host[len] = '\0';
	*port = (uint16_t)n;
	return 0;
}

bool net_address_parse(struct address *out, const char *text)
{
	uint8_t v4[4];
	struct address a = {{[10] = 0xff, [11] = 0xff}};

	if (inet_pton(AF_INET, text, v4) == 1)
		memcpy(a.b + 12, v4, 4);
	else if (inet_pton(AF_INET6, text, a.b) != 1)
		return false;
	*out = a;
	return true;
}

/* Decimal without sign or leading zeros, 0..max. */
static bool parse_bits(unsigned *out, const char *s, unsigned max)
{
	unsigned n = 0;

	if (!*s || (*s == '0' && s[1]))
		return false;
	for (; *s >= '0' && *s <= '9' && n <= max; s++)
		n = n * 10 + (unsigned)(*s - '0');
	*out = n;
	return *s == '\0' && n <= max;
}

static bool has_bits_beyond(const struct address *a, unsigned bits)
{
	for (unsigned i = bits; i < 128; i++)
		if (a->b[i / 8] >> (7 - i % 8) & 1)
			return true;
	return false;
}

bool net_prefix_parse(struct limits_row *out, const char *text)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	unsigned base = strchr(text, ':') ? 0 : 96, bits = 128 - base;
	char host[NET_ADDRESS_TEXT];
	struct address a;

	if (n >= sizeof(host))
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	if (!net_address_parse(&a, host) ||
	    (slash && !parse_bits(&bits, slash + 1, 128 - base)) ||
	    has_bits_beyond(&a, base + bits))
		return false;
	out->prefix = a;
	out->bits = base + bits;
	return true;
}

void net_address_text(char out[NET_ADDRESS_TEXT], const struct address *a)
{
	const struct address mapped = {{[10] = 0xff, [11] = 0xff}};
	bool is_v4 = memcmp(a->b, mapped.b, 12) == 0;

	if (!inet_ntop(is_v4 ? AF_INET : AF_INET6, a->b + (is_v4 ? 12 : 0), out,
		NET_ADDRESS_TEXT))
		out[0] = '\0';
}

union any_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un un;
};

static void address_of(struct address *out, const union any_address *sa)
{
	*out = (struct address){{[10] = 0xff, [11] = 0xff}};
	if (sa->any.sa_family == AF_INET)
		memcpy(out->b + 12, &sa->v4.sin_addr, 4);
	else if (sa->any.sa_family == AF_INET6)
		memcpy(out->b, &sa->v6.sin6_addr, 16);
}

/* ---- listening on TCP ----------------------------------------------------*/

static socklen_t listen_address(
    union any_address *out, const char *host, uint16_t port)
{
	*out = (union any_address){0};
	if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons(port);
		return sizeof(out->v4);
	}
	if (inet_pton(AF_INET6, host, &out->v6.sin6_addr) == 1) {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons(port);
		return sizeof(out->v6);
	}
	return 0;
}

static int listen_error(void)
{
	if (errno == EADDRINUSE)
		return err_set(ERR_IN_USE, "the port is taken");
	if (errno == EACCES)
		return err_set(ERR_NOT_PERMITTED, "the port is privileged");
	return err_set(ERR_INVALID, "cannot listen: %s", strerror(errno));
}

static int listen_at(int *out, const union any_address *sa, socklen_t n)
{
	const int on = 1, off = 0;
	int fd = socket(
	    sa->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return listen_error();
	/* A node that restarts must not wait for old connections to fade; a
	 * port that somebody listens on stays taken all the same. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (sa->any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, &sa->any, n) < 0 || listen(fd, BACKLOG) < 0) {
		int r = listen_error();
		close(fd);
		return r;
	}
	*out = fd;
	return 0;
}

static uint16_t port_of(int fd)
{
	union any_address sa = {0};
	socklen_t n = sizeof(sa);

	if (getsockname(fd, &sa.any, &n) < 0)
		return 0;
	return ntohs(
	    sa.any.sa_family == AF_INET6 ? sa.v6.sin6_port : sa.v4.sin_port);
}

int net_listen(int *fd, uint16_t *port, const char *host, uint16_t want)
{
	union any_address sa;
	bool is_any = !host || !*host;
	socklen_t n = listen_address(&sa, is_any ? "::" : host, want);
	int r, made;

	if (n == 0)
		return err_set(ERR_INVALID, "not an IP address");
	r = listen_at(&made, &sa, n);
	if (r == ERR_INVALID && is_any) { /* a machine without IPv6 */
		n = listen_address(&sa, "0.0.0.0", want);
		r = listen_at(&made, &sa, n);
	}
	if (r < 0)
		return r;
	*port = port_of(made);
	*fd = made;
	return 0;
}

/* Out of descriptors a waiting connection would wake the loop for ever. Give
 * one descriptor up to accept it, close it, and take the descriptor back. */
static int refuse_one(int listener)
{
	static int spare = -1;
	int fd;

	if (spare >= 0) {
		close(spare);
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			close(fd);
	}
	spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return err_set(ERR_TOO_LARGE, "out of descriptors");
}

int net_accept(int *fd, struct address *from, int listener)
{
	union any_address sa = {0};
	socklen_t n = sizeof(sa);
	const int on = 1;
	int got = accept4(listener, &sa.any, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (got < 0) {
		if (errno == EMFILE || errno == ENFILE)
			return refuse_one(listener);
		*fd = -1; /* nobody, or somebody who has gone again */
		return 0;
	}
	setsockopt(got, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	address_of(from, &sa);
	*fd = got;
	return 0;
}

unsigned net_raise_files(unsigned want)
{
	struct rlimit now, next;

	if (getrlimit(RLIMIT_NOFILE, &now) < 0)
		return 0;
	if (now.rlim_cur >= want)
		return (unsigned)now.rlim_cur;
	next = (struct rlimit){want, now.rlim_max > want ? now.rlim_max : want};
	if (setrlimit(RLIMIT_NOFILE, &next) < 0) {
		/* Beyond the hard limit only root may go. */
		next = (struct rlimit){now.rlim_max, now.rlim_max};
		if (setrlimit(RLIMIT_NOFILE, &next) < 0)
			return (unsigned)now.rlim_cur;
	}
	return (unsigned)next.rlim_cur;
}

/* ---- the control socket --------------------------------------------------*/

/* A socket's own address has room for 107 characters, a home folder may be
 * deeper: go by a descriptor of the folder. */
static int ctl_address(union any_address *out, int *folder, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char dir[4096] = ".";
	int n;

	*out = (union any_address){.un.sun_family = AF_UNIX};
	if (slash && slash - path + 1 >= (ptrdiff_t)sizeof(dir))
		return err_set(ERR_INVALID, "path too long");
	if (slash) {
		memcpy(dir, path, (size_t)(slash - path + 1));
		dir[slash - path + 1] = '\0';
	}
	*folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*folder < 0)
		return err_set(ERR_NOT_FOUND, "folder: %s", strerror(errno));
	n = snprintf(out->un.sun_path, sizeof(out->un.sun_path),
	    "/proc/self/fd/%d/%s", *folder, name);
	if (n < 0 || (size_t)n >= sizeof(out->un.sun_path)) {
		net_close(folder);
		return err_set(ERR_INVALID, "name too long");
	}
	return 0;
}

static int connect_ctl(int *out, const union any_address *sa)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_set(ERR_IO, "socket: %s", strerror(errno));
	if (connect(fd, &sa->any, sizeof(sa->un)) < 0) {
		close(fd);
		return err_set(ERR_UNREACHABLE, "nobody listens");
	}
	*out = fd;
	return 0;
}

int net_connect_ctl(int *fd, const char *path)
{
	union any_address sa;
	int folder, made, r = ctl_address(&sa, &folder, path);

	if (r < 0)
		return r == ERR_NOT_FOUND ? ERR_UNREACHABLE : r;
	r = connect_ctl(&made, &sa);
	net_close(&folder);
	if (r < 0)
		return r;
	fcntl(made, F_SETFL, O_NONBLOCK);
	*fd = made;
	return 0;
}

/* Only a socket that nobody answers on is removed, never another file. */
static int clear_stale(const union any_address *sa)
{
	struct stat st;
	int fd;

	if (lstat(sa->un.sun_path, &st) < 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(ERR_IN_USE, "a file stands in the way");
	if (connect_ctl(&fd, sa) == 0) {
		close(fd);
		return err_set(ERR_IN_USE, "a live process answers");
	}
	if (unlink(sa->un.sun_path) < 0)
		return err_set(ERR_READ_ONLY, "unlink: %s", strerror(errno));
	return 0;
}

static int bind_ctl(int *out, const union any_address *sa)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int r;
	mode_t mask;

	if (fd < 0)
		return err_set(ERR_IO, "socket: %s", strerror(errno));
	/* From its first moment on for this user alone. */
	mask = umask(0177);
	r = bind(fd, &sa->any, sizeof(sa->un));
	umask(mask);
	if (r < 0 || listen(fd, BACKLOG) < 0) {
		r = errno == EADDRINUSE ? ERR_IN_USE : ERR_READ_ONLY;
		r = err_set(r, "control socket: %s", strerror(errno));
		close(fd);
		return r;
	}
	*out = fd;
	return 0;
}

int net_listen_ctl(int *fd, const char *path)
{
	union any_address sa;
	int folder, r = ctl_address(&sa, &folder, path);

	if (r < 0)
		return r;
	r = clear_stale(&sa);
	if (r == 0)
		r = bind_ctl(fd, &sa);
	net_close(&folder);
	return r;
}

void net_unlisten_ctl(int *fd, const char *path)
{
	if (*fd >= 0)
		unlink(path);
	net_close(fd);
}

int net_accept_ctl(int *fd, int listener)
{
	struct ucred who = {0};
	struct address from;
	socklen_t n = sizeof(who);
	int got, r = net_accept(&got, &from, listener);

	if (r < 0)
		return r;
	if (got >= 0 &&
	    (getsockopt(got, SOL_SOCKET, SO_PEERCRED, &who, &n) < 0 ||
		(who.uid != geteuid() && who.uid != 0)))
		net_close(&got);
	*fd = got;
	return 0;
}
