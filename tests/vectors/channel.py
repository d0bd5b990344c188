#!/usr/bin/env python3
"""channel.py - writes channel.json: the bytes of one session and of one
enrolment as docs/WIRE.md says, made without any of our code (Python's
hashlib and hmac, and the cryptography package's X25519 and ChaCha20).
Run by hand when the format gets a new version:  channel.py > channel.json
"""
import hashlib
import hmac
import json
import struct
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey, X25519PublicKey)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305


def b2(data):
    return hashlib.blake2b(data).digest()


def mac(key, data):
    return hmac.new(key, data, hashlib.blake2b).digest()


def hkdf(ck, ikm, n):
    root, last, out = mac(ck, ikm), b"", []
    for i in range(n):
        last = mac(root, last + bytes([i + 1]))
        out.append(last)
    return out


def pub(sk):
    return X25519PrivateKey.from_private_bytes(sk).public_key() \
        .public_bytes_raw()


def dh(sk, pk):
    return X25519PrivateKey.from_private_bytes(sk).exchange(
        X25519PublicKey.from_public_bytes(pk))


def nonce(n):
    return bytes(4) + struct.pack("<Q", n)


def seal(key, n, ad, text):
    return ChaCha20Poly1305(key).encrypt(nonce(n), text, ad)


def frame(body):
    return struct.pack(">H", len(body)) + body


class Handshake:
    """Both sides at once: every secret is known here."""

    def __init__(self, name, prologue, node_pk):
        self.h = name + bytes(64 - len(name))
        self.ck = self.h
        self.mix(prologue)
        self.mix(node_pk)
        self.psk = b"psk" in name

    def mix(self, data):
        self.h = b2(self.h + data)

    def key(self, ikm):
        self.ck, k = hkdf(self.ck, ikm, 2)
        self.k, self.n = k[:32], 0

    def sealed(self, text):
        ct = seal(self.k, self.n, self.h, text)
        self.n += 1
        self.mix(ct)
        return ct

    def e(self, pk):
        self.mix(pk)
        if self.psk:
            self.key(pk)
        return pk

    def mix_psk(self, psk):
        self.ck, t, k = hkdf(self.ck, psk, 3)
        self.mix(t)
        self.k, self.n = k[:32], 0


class Cipher:
    def __init__(self, k):
        self.k, self.n = k[:32], 0

    def frame(self, text):
        ct = seal(self.k, self.n, b"", text)
        self.n += 1
        if self.n % 16384 == 0:
            self.k = seal(self.k, 2 ** 64 - 1, b"", bytes(32))[:32]
        return frame(ct)


def pieces(msg):
    text = struct.pack(">I", len(msg)) + msg
    text += bytes(-len(text) % 256)
    return [text[i:i + 65280] for i in range(0, len(text), 65280)]


def run(purpose, name):
    client, node = bytes(range(1, 33)), bytes(range(33, 65))
    ce, ne = bytes(range(65, 97)), bytes(range(97, 129))
    org, node_id = bytes(range(16)), bytes(range(16, 32))
    ticket = bytes(range(200, 208)) if purpose == 2 else b""
    psk = bytes(range(150, 182))
    payload = b"new keys" if purpose == 2 else b""
    hello = b"SFCH" + bytes([purpose, 1, 1]) + org
    answer = b"SFNH" + bytes([1, 0]) + node_id
    hs = Handshake(name, b"suifang-sync\0" + hello + answer, pub(node))
    m1 = hs.e(pub(ce))
    hs.key(dh(ce, pub(node)))
    m1 += hs.sealed(ticket)
    m2 = hs.e(pub(ne))
    hs.key(dh(ne, pub(ce)))
    m2 += hs.sealed(b"")
    m3 = hs.sealed(pub(client))
    hs.key(dh(client, pub(ne)))
    if hs.psk:
        hs.mix_psk(psk)
    m3 += hs.sealed(payload)
    c1, c2 = (Cipher(k) for k in hkdf(hs.ck, b"", 2))
    said = b"".join(c1.frame(p) for p in pieces(b"from the terminal"))
    reply = b"".join(c2.frame(p) for p in pieces(b"from the node"))
    long = b"".join(c1.frame(p) for p in pieces(bytes(70000)))
    while c1.n < 16384 + 1:
        rekeyed = c1.frame(pieces(b"x")[0])
    return {
        "client_sk": client.hex(), "node_sk": node.hex(),
        "client_ephemeral": ce.hex(), "node_ephemeral": ne.hex(),
        "org": org.hex(), "node": node_id.hex(), "ticket": ticket.hex(),
        "psk": psk.hex(), "payload": payload.hex(),
        "hello": frame(hello).hex(), "answer": frame(answer).hex(),
        "message1": frame(m1).hex(), "message2": frame(m2).hex(),
        "message3": frame(m3).hex(), "handshake_hash": hs.h.hex(),
        "from_client": said.hex(), "from_node": reply.hex(),
        "long_blake2b": hashlib.blake2b(long, digest_size=32).hexdigest(),
        "frame_16385": rekeyed.hex(),
    }


print(json.dumps({
    "session": run(1, b"Noise_XK_25519_ChaChaPoly_BLAKE2b"),
    "enrolment": run(2, b"Noise_XKpsk3_25519_ChaChaPoly_BLAKE2b"),
}, indent=1))
