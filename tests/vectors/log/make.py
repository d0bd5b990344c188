#!/usr/bin/env python3
"""Writes the golden vectors of record format 1 beside itself, from docs/LOG.md
alone: it shares no code with the program. Run by hand, once; the results are
committed and must never change. Needs the `cryptography` package for Ed25519,
X25519 and ChaCha20-Poly1305, and git and ssh-keygen, which must agree."""
import base64, hashlib, json, os, struct, subprocess, tempfile
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey, X25519PublicKey)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.poly1305 import Poly1305
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, PublicFormat)

HERE = os.path.dirname(os.path.abspath(__file__))
MASK = 0xFFFFFFFF


def blake(data, size=32):
    return hashlib.blake2b(data, digest_size=size).digest()


def seed(n):
    return bytes((n + i) & 255 for i in range(32))


def raw(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def rotl(v, n):
    return ((v << n) | (v >> (32 - n))) & MASK


# --- XChaCha20-Poly1305: HChaCha20, then the IETF construction ---------------
def chacha_rounds(s):
    def quarter(a, b, c, d):
        s[a] = (s[a] + s[b]) & MASK; s[d] = rotl(s[d] ^ s[a], 16)
        s[c] = (s[c] + s[d]) & MASK; s[b] = rotl(s[b] ^ s[c], 12)
        s[a] = (s[a] + s[b]) & MASK; s[d] = rotl(s[d] ^ s[a], 8)
        s[c] = (s[c] + s[d]) & MASK; s[b] = rotl(s[b] ^ s[c], 7)
    for _ in range(10):
        quarter(0, 4, 8, 12); quarter(1, 5, 9, 13)
        quarter(2, 6, 10, 14); quarter(3, 7, 11, 15)
        quarter(0, 5, 10, 15); quarter(1, 6, 11, 12)
        quarter(2, 7, 8, 13); quarter(3, 4, 9, 14)


def hchacha20(key, nonce16):
    s = list(struct.unpack("<4I", b"expand 32-byte k"))
    s += struct.unpack("<8I", key) + struct.unpack("<4I", nonce16)
    chacha_rounds(s)
    return struct.pack("<8I", *(s[:4] + s[12:]))


def xchacha_seal(key, nonce24, ad, text):
    sub = hchacha20(key, nonce24[:16])
    return ChaCha20Poly1305(sub).encrypt(bytes(4) + nonce24[16:], text, ad)


# --- XSalsa20-Poly1305, for the key seal -------------------------------------
def salsa_rounds(x):
    def quarter(a, b, c, d):
        x[b] ^= rotl((x[a] + x[d]) & MASK, 7)
        x[c] ^= rotl((x[b] + x[a]) & MASK, 9)
        x[d] ^= rotl((x[c] + x[b]) & MASK, 13)
        x[a] ^= rotl((x[d] + x[c]) & MASK, 18)
    for _ in range(10):
        quarter(0, 4, 8, 12); quarter(5, 9, 13, 1)
        quarter(10, 14, 2, 6); quarter(15, 3, 7, 11)
        quarter(0, 1, 2, 3); quarter(5, 6, 7, 4)
        quarter(10, 11, 8, 9); quarter(15, 12, 13, 14)


def salsa_state(key, in16):
    c = struct.unpack("<4I", b"expand 32-byte k")
    k, n = struct.unpack("<8I", key), struct.unpack("<4I", in16)
    return [c[0], *k[:4], c[1], *n, c[2], *k[4:], c[3]]


def hsalsa20(key, in16):
    x = salsa_state(key, in16)
    salsa_rounds(x)
    return struct.pack("<8I", *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def salsa_stream(key, nonce8, n):
    out = b""
    for block in range((n + 63) // 64):
        s = salsa_state(key, nonce8 + struct.pack("<Q", block))
        x = list(s)
        salsa_rounds(x)
        out += struct.pack("<16I", *((a + b) & MASK for a, b in zip(x, s)))
    return out[:n]


def key_seal(key, recipient_pk, ephemeral):
    epk = raw(ephemeral)
    nonce = blake(epk + recipient_pk, 24)
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient_pk))
    sub = hsalsa20(hsalsa20(shared, bytes(16)), nonce[:16])
    stream = salsa_stream(sub, nonce[16:], 32 + len(key))
    text = bytes(a ^ b for a, b in zip(key, stream[32:]))
    return epk + Poly1305.generate_tag(stream[:32], text) + text


# --- boxes and records -------------------------------------------------------
def kid_of(stream, key):
    return blake(b"sf-kid/1" + stream + key)


def box_seal(key, nonce, ad, body):
    text = struct.pack("<I", len(body)) + body
    text += bytes(-len(text) % 128)
    return nonce + xchacha_seal(key, nonce, ad, text)


def s(b):
    return struct.pack(">I", len(b)) + b


def number(v):
    out = b""
    while v >= 128:
        out += bytes([v & 127 | 128])
        v >>= 7
    return out + bytes([v])


def head_lines(r):
    return (f"sf-record 1\norg {r['org'].hex()}\nseat {r['seat'].hex()}\n"
            f"seq {r['seq']}\nprev {r['prev'].hex()}\nlamport {r['lamport']}\n"
            f"seen {r['incarnation']} {r['size']} {r['root'].hex()}\n"
            f"entries {len(r['entries'])}\n")


def entry_head(i, e):
    kid = e["kid"].hex() if e["mode"] != "C" else "-"
    return (f"entry {i + 1} {e['kind']} {e['version']} {e['stream'].hex()} "
            f"{e['mode']} {kid}")


def finish(r, key):
    for i, e in enumerate(r["entries"]):
        e["ad"] = b"sf-box/1\0" + (head_lines(r) + entry_head(i, e)).encode()
        e["box"] = (e["body"] if e["mode"] == "C" else
                    box_seal(e["key"], e["nonce"], e["ad"], e["body"]))
    who = f"{r['seat'].hex()} <{r['seat'].hex()}@{r['org'].hex()}> {r['at']} +0000"
    top = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
    if r["seq"] > 1:
        top += f"parent {r['parent'].hex()}\n"
    top += f"author {who}\ncommitter {who}\n"
    message = "\n" + head_lines(r)
    for i, e in enumerate(r["entries"]):
        message += f"{entry_head(i, e)} {len(e['box'])} {blake(e['box']).hex()}\n"
    payload = (top + message).encode()
    pk = s(b"ssh-ed25519") + s(raw(key))
    tbs = (b"SSHSIG" + s(b"git") + s(b"") + s(b"sha512") +
           s(hashlib.sha512(payload).digest()))
    r["signature"] = key.sign(tbs)
    blob = (b"SSHSIG" + struct.pack(">I", 1) + s(pk) + s(b"git") + s(b"") +
            s(b"sha512") + s(s(b"ssh-ed25519") + s(r["signature"])))
    b64 = base64.b64encode(blob).decode()
    lines = [b64[i:i + 70] for i in range(0, len(b64), 70)]
    armour = "\n ".join(["-----BEGIN SSH SIGNATURE-----", *lines,
                         "-----END SSH SIGNATURE-----"])
    r["payload"], r["armour"] = payload, armour.replace("\n ", "\n") + "\n"
    r["commit"] = (top + "gpgsig " + armour + "\n" + message).encode()
    r["hash"] = blake(r["commit"])
    r["sha1"] = hashlib.sha1(b"commit %d\0" % len(r["commit"]) +
                             r["commit"]).digest()
    f = b"\1" + r["org"] + r["seat"] + number(r["seq"])
    if r["seq"] > 1:
        f += r["prev"] + r["parent"]
    f += number(r["lamport"]) + bytes.fromhex(r["incarnation"])
    f += number(r["size"]) + r["root"] + number(r["at"]) + r["signature"]
    f += number(len(r["entries"]))
    for e in r["entries"]:
        f += bytes([len(e["kind"])]) + e["kind"].encode() + number(e["version"])
        f += e["stream"] + e["mode"].encode()
        f += b"" if e["mode"] == "C" else e["kid"]
        f += number(len(e["box"])) + blake(e["box"])
    r["frame"] = f


# --- the order ---------------------------------------------------------------
def leaf_bytes(r, node_s, verdicts):
    return (b"sf-leaf/1" + r["hash"] + r["seat"] + struct.pack(">Q", r["seq"]) +
            struct.pack(">Q", node_s) + blake(b"sf-verdict/1" + verdicts))


def tree(leaves):
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + tree(leaves[:k]) + tree(leaves[k:])).digest()


def checkpoint(org, incarnation, size, root, lmax, key):
    origin = f"{org.hex()}/{incarnation}"
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\nlmax {lmax}\n"
    key_hash = hashlib.sha256(origin.encode() + b"\n\1" + raw(key)).digest()[:4]
    sig = base64.b64encode(key_hash + key.sign(text.encode())).decode()
    return f"{text}\n\u2014 {origin} {sig}\n"


def check_with_stock_tools(records, key, seat, org):
    """git must give the same name, ssh-keygen must accept the signature."""
    with tempfile.TemporaryDirectory() as d:
        pub = key.public_key().public_bytes(Encoding.OpenSSH,
                                            PublicFormat.OpenSSH).decode()
        with open(f"{d}/allowed", "w") as f:
            f.write(f'{seat.hex()}@{org.hex()} namespaces="git" {pub}\n')
        subprocess.run(["git", "init", "-q", "--bare", f"{d}/g"], check=True)
        subprocess.run(["git", "-C", f"{d}/g", "hash-object", "-w", "-t", "tree",
                        "--stdin"], input=b"", check=True, capture_output=True)
        for r in records:
            name = subprocess.run(
                ["git", "-C", f"{d}/g", "hash-object", "-w", "-t", "commit",
                 "--stdin"], input=r["commit"], check=True,
                capture_output=True).stdout.decode().strip()
            assert name == r["sha1"].hex()
            subprocess.run(
                ["git", "-C", f"{d}/g", "-c", "gpg.format=ssh", "-c",
                 f"gpg.ssh.allowedSignersFile={d}/allowed", "verify-commit",
                 name], check=True, capture_output=True)
            with open(f"{d}/sig", "w") as f:
                f.write(r["armour"])
            subprocess.run(
                ["ssh-keygen", "-Y", "verify", "-f", f"{d}/allowed", "-I",
                 f"{seat.hex()}@{org.hex()}", "-n", "git", "-s", f"{d}/sig"],
                input=r["payload"], check=True, capture_output=True)
            # Ed25519 signatures are deterministic: stock signing agrees.
            with open(f"{d}/key", "wb") as f:
                f.write(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH,
                                          NoEncryption()))
            os.chmod(f"{d}/key", 0o600)
            with open(f"{d}/payload", "wb") as f:
                f.write(r["payload"])
            if os.path.exists(f"{d}/payload.sig"):
                os.remove(f"{d}/payload.sig")
            subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", f"{d}/key",
                            "-n", "git", f"{d}/payload"], check=True,
                           capture_output=True)
            with open(f"{d}/payload.sig") as f:
                assert f.read() == r["armour"]
        subprocess.run(["git", "-C", f"{d}/g", "fsck", "--strict"], check=True,
                       capture_output=True)


def main():
    root_key = Ed25519PrivateKey.from_private_bytes(seed(1))
    sign_key = Ed25519PrivateKey.from_private_bytes(seed(33))
    dh_key = X25519PrivateKey.from_private_bytes(seed(65))
    node_seal = X25519PrivateKey.from_private_bytes(seed(97))
    checkpoint_key = Ed25519PrivateKey.from_private_bytes(seed(129))
    org = blake(b"sf-org/1" + raw(root_key), 16)
    seat = blake(b"sf-seat/1" + org + raw(sign_key) + raw(dh_key), 16)
    roster = blake(b"sf-roster/1" + org, 16)
    patient, team = bytes(range(0x40, 0x50)), bytes(range(0x50, 0x60))
    key_1, key_2 = seed(161), seed(193)
    zero = bytes(32)
    base = {"org": org, "seat": seat, "incarnation": "0" * 16, "size": 0,
            "root": zero, "prev": zero, "parent": bytes(20)}
    first = dict(base, seq=1, lamport=1, at=1795312800, entries=[
        {"kind": "count.day", "version": 1, "stream": team, "mode": "C",
         "body": b'{"done":12}'},
        {"kind": "patient.registered", "version": 1, "stream": patient,
         "mode": "N", "key": key_1, "kid": kid_of(patient, key_1),
         "nonce": bytes(range(24)),
         "body": '{"name":"解晓","sex":"f"}'.encode()}])
    finish(first, sign_key)
    leaves = [leaf_bytes(first, 1795312805, b"\1\1")]
    second = dict(base, seq=2, lamport=77, at=1795312861,
                  prev=first["hash"], parent=first["sha1"],
                  incarnation="00000000000000a7", size=1, root=tree(leaves),
                  entries=[{"kind": "contact.recorded", "version": 3,
                            "stream": patient, "mode": "S", "key": key_2,
                            "kid": kid_of(patient, key_2),
                            "nonce": bytes(range(100, 124)),
                            "body": b"x" * 124}])
    finish(second, sign_key)
    leaves.append(leaf_bytes(second, 1795312865, b"\2"))
    big = 2 ** 53 - 1
    third = dict(base, seq=3, lamport=big, at=253402300799,
                 prev=second["hash"], parent=second["sha1"],
                 incarnation="f" * 16, size=big, root=bytes([255]) * 32,
                 entries=[{"kind": "abcdefghijklmnopqrstuvwxyz.01239",
                           "version": big, "stream": bytes(16), "mode": "S",
                           "key": key_2, "kid": kid_of(bytes(16), key_2),
                           "nonce": bytes(24), "body": b""}])
    finish(third, sign_key)
    leaves.append(leaf_bytes(third, 1795312865, b"\3"))
    records = [first, second, third]
    check_with_stock_tools(records, sign_key, seat, org)
    note = checkpoint(org, "00000000000000a7", 3, tree(leaves), 77,
                      checkpoint_key)
    out = {
        "root_seed": seed(1).hex(), "sign_seed": seed(33).hex(),
        "dh_secret": seed(65).hex(), "node_seal_secret": seed(97).hex(),
        "checkpoint_seed": seed(129).hex(),
        "org": org.hex(), "seat": seat.hex(), "roster_stream": roster.hex(),
        "sign_pk": raw(sign_key).hex(), "dh_pk": raw(dh_key).hex(),
        "records": [{
            "hash": r["hash"].hex(), "sha1": r["sha1"].hex(),
            "frame": r["frame"].hex(),
            "entries": [{
                "mode": e["mode"], "stream": e["stream"].hex(),
                "body": e["body"].hex(), "ad": e["ad"].hex(),
                "box": e["box"].hex(),
                "key": e.get("key", b"").hex(), "kid": e.get("kid", b"").hex()}
                for e in r["entries"]]} for r in records],
        "key_seal": key_seal(key_1, raw(node_seal),
                             X25519PrivateKey.from_private_bytes(
                                 seed(7))).hex(),
        "key_seal_ephemeral": seed(7).hex(),
        "leaves": [{"bytes": b.hex(), "hash": tree([b]).hex(), "node_s": t,
                    "verdicts": v}
                   for b, t, v in zip(leaves, (1795312805, 1795312865,
                                               1795312865),
                                      ("0101", "02", "03"))],
        "roots": [tree(leaves[:n + 1]).hex() for n in range(3)],
        "checkpoint": note,
    }
    with open(f"{HERE}/format-1.json", "w", encoding="utf-8") as f:
        json.dump(out, f, indent=1, ensure_ascii=False)
        f.write("\n")
    for i, r in enumerate(records):
        with open(f"{HERE}/record-{i + 1}.commit", "wb") as f:
            f.write(r["commit"])


main()
