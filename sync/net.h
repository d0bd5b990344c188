/*
 * net.h - the edge to sockets, one file descriptor at a time: non-blocking
 * TCP on IPv4 and IPv6, and the control socket of a home folder. For a
 * process with many connections net_loop.h stands on this. Knows nothing of
 * what the bytes mean. All descriptors are non-blocking and close-on-exec;
 * the caller closes them with net_close.
 */
#ifndef SUIFANG_NET_H
#define SUIFANG_NET_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/limits.h"

#define NET_ADDRESS_TEXT 64 /* "[2001:db8::1]:7420" and the NUL */
#define NET_READ 65536      /* most bytes of one net_read */

/* ---- connecting (the terminal) -------------------------------------------*/

/*
 * A connection being made without ever blocking: the name is looked up in
 * the background, then each address is tried in turn. Poll net_dial_fd for
 * writing when it is not -1 and call net_dial_step at least every 100 ms.
 */
struct net_dial;

/* address: "host:port", "1.2.3.4:port" or "[v6]:port". Only a malformed one
 * fails: ERR_INVALID. */
NODISCARD int net_dial_new(struct net_dial **out, const char *address);
/* -1 while the name is looked up. */
int net_dial_fd(const struct net_dial *d);
/* *fd is the connected descriptor, now the caller's, or -1 when it is not
 * yet there. ERR_UNREACHABLE when every address has failed. */
NODISCARD int net_dial_step(int *fd, struct net_dial *d);
void net_dial_free(struct net_dial **d);

/* ---- bytes ---------------------------------------------------------------*/

/* Appends what has arrived, at most NET_READ bytes; nothing there is 0 too.
 * ERR_UNREACHABLE when the peer has closed or the connection broke. */
NODISCARD int net_read(struct buf *in, int fd);
/* Writes what the socket takes and drops it from out. ERR_UNREACHABLE. */
NODISCARD int net_write(struct buf *out, int fd);
/* Waits until fd is readable (or writable) or the time is over: then false.
 * For programs that do one thing. */
bool net_wait(int fd, bool for_writing, int timeout_ms);
void net_close(int *fd);
/* For programs that do one thing and have to wait. */
void net_sleep(int ms);

/* ---- listening -----------------------------------------------------------*/

/* host NULL or "" = every address, IPv6 and IPv4. Port 0 = any; *port = the
 * one in use. ERR_IN_USE when it is taken, ERR_INVALID for a bad address,
 * ERR_NOT_PERMITTED for a privileged port. */
NODISCARD int net_listen(
    int *fd, uint16_t *port, const char *host, uint16_t want);
/* *fd = -1 when nobody waits. ERR_TOO_LARGE when the process is out of
 * descriptors; the connection was then refused, not left waiting. */
NODISCARD int net_accept(int *fd, struct address *from, int listener);
/* Raises the limit of open descriptors as far as it goes, at most to want;
 * returns what it is now. */
unsigned net_raise_files(unsigned want);

/* ---- the control socket --------------------------------------------------*/

/* Makes path, mode 0600. ERR_IN_USE when a live process answers there; what
 * a dead one left is replaced. Paths of any length. */
NODISCARD int net_listen_ctl(int *fd, const char *path);
/* Closes it and removes path. */
void net_unlisten_ctl(int *fd, const char *path);
/* As net_accept; refuses other users than this one and root. */
NODISCARD int net_accept_ctl(int *fd, int listener);
/* ERR_UNREACHABLE when nobody listens. */
NODISCARD int net_connect_ctl(int *fd, const char *path);

/* ---- names ---------------------------------------------------------------*/

/* "host:port" in two; host has NET_ADDRESS_TEXT bytes or the address is
 * ERR_INVALID, as is port 0. */
NODISCARD int net_split(char *host, uint16_t *port, const char *address);
/* "1.2.3.4" or an IPv6 address; false when it is neither. */
bool net_address_parse(struct address *out, const char *text);
/* "10.1.0.0/16", "fd00::/8", or one address; fills prefix and bits, nothing
 * else. False when it is none, or has bits set beyond its length. */
bool net_prefix_parse(struct limits_row *out, const char *text);
void net_address_text(char out[NET_ADDRESS_TEXT], const struct address *a);

#endif
