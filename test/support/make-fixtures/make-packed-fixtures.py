"""Writes test/fixtures/packed/files.json: bytes that other implementations packed, in every way that the decoders unpack.

Run it from the root of the repository, with Debian's python3-numcodecs (c-blosc, zstd, lz4hc), python3-lz4 and zstd.
Of the unpacked bytes, only length and SHA-256 are kept.
"""
import base64, bz2, gzip, hashlib, io, json, lzma, random, struct, subprocess, zlib
import lz4.block, numcodecs, numpy as np

random.seed(12)
rng = np.random.default_rng(12)
FILES = []

def put(compression, name, file, raw, checked=True):
    FILES.append({"compression": compression, "name": name, "checked": checked, "length": len(raw),
                  "sha256": hashlib.sha256(raw).hexdigest(), "file": base64.b64encode(bytes(file)).decode()})

WORDS = [bytes(rng.integers(0, 9, rng.integers(1, 40), dtype=np.uint8)) for _ in range(20)]
text = b"".join(random.choice(WORDS) for _ in range(140))[:2000]
ramp = (np.arange(1200) * 3 + rng.integers(0, 4, 1200)).astype(">u2").tobytes()
noise = bytes(rng.integers(0, 256, 700, dtype=np.uint8))
grey = np.clip(rng.normal(128, 3, 3000) + 20 * np.sin(np.arange(3000) / 40), 0, 255).astype(np.uint8).tobytes()
run = b"\7" * 1500
large = (text * 200)[:300_001]                    # several blocks of zstd, bzip2 -1 and LZMA2
RAWS = {"text": text, "ramp": ramp, "noise": noise, "grey": grey, "run": run, "one": b"x"}

for name, raw in {**RAWS, "large": large}.items():
    put("gzip", name, gzip.compress(raw, 6, mtime=0), raw)
    put("zlib", name, zlib.compress(raw, 9), raw)
    put("bzip2", name, bz2.compress(raw, 1), raw)
    put("xz", name, lzma.compress(raw), raw)
    put("zstd", name, numcodecs.Zstd(5).encode(raw), raw, checked=False)
put("gzip", "stored", gzip.compress(noise, 0, mtime=0), noise)
put("zlib", "stored", zlib.compress(noise, 0), noise)

# gzip: a header with all optional fields; several members
def gzip_header(flags):
    head = b"\x1f\x8b\x08" + bytes([flags]) + struct.pack("<IBB", 1, 0, 3)
    if flags & 4: head += struct.pack("<H", 3) + b"abc"
    if flags & 8: head += b"name\0"
    if flags & 16: head += b"comment\0"
    if flags & 2: head += struct.pack("<H", zlib.crc32(head) & 0xffff)
    return head
deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
body = deflate.compress(text) + deflate.flush() + struct.pack("<II", zlib.crc32(text), len(text))
for flags in (2, 4, 8, 16, 31): put("gzip", f"header flags {flags}", gzip_header(flags) + body, text)
put("gzip", "three members", gzip.compress(text, mtime=0) + gzip.compress(b"", mtime=0) + gzip.compress(grey, mtime=0), text + grey)
put("gzip", "trailing zeros", gzip.compress(text, mtime=0) + bytes(100), text)

# bzip2 and xz: several streams, levels, checks, filters' numbers, sizes in the header (as xz -T writes them)
put("bzip2", "two streams", bz2.compress(text, 9) + bz2.compress(run, 3), text + run)
put("bzip2", "nothing", bz2.compress(b""), b"")
put("bzip2", "long runs", bz2.compress(b"abc" * 3 + b"z" * 70_000 + b"aaaa", 1), b"abc" * 3 + b"z" * 70_000 + b"aaaa")
for check, name in ((lzma.CHECK_NONE, "none"), (lzma.CHECK_CRC32, "CRC-32"), (lzma.CHECK_SHA256, "SHA-256")):
    put("xz", f"check {name}", lzma.compress(grey, check=check), grey, checked=check != lzma.CHECK_NONE)
for lc, lp, pb in ((0, 0, 0), (4, 0, 4), (1, 3, 1), (0, 4, 2)):
    filters = [{"id": lzma.FILTER_LZMA2, "lc": lc, "lp": lp, "pb": pb, "dict_size": 4096}]
    put("xz", f"lc {lc}, lp {lp}, pb {pb}", lzma.compress(ramp, filters=filters), ramp)
put("xz", "two streams, padded", lzma.compress(text) + bytes(8) + lzma.compress(noise) + bytes(4), text + noise)
put("xz", "sizes in the header", subprocess.run(["xz", "-T2", "--block-size=1000", "-c"], input=grey, capture_output=True, check=True).stdout, grey)
mixed = large[:70_000] + bytes(rng.integers(0, 256, 2500, dtype=np.uint8)) + large[:70_000]
put("xz", "stored chunks", lzma.compress(mixed), mixed)

def zstd(raw, *arguments):
    return subprocess.run(["zstd", "-q", "-c", *arguments], input=raw, capture_output=True, check=True).stdout
for level in ("-1", "-3", "-9", "-19"): put("zstd", f"checksum {level}", zstd(grey, level), grey)
put("zstd", "checksum, one byte", zstd(b"x"), b"x")
put("zstd", "checksum, several blocks", zstd(mixed, "-19"), mixed)
put("zstd", "no content size", zstd(text, "--no-check", "--no-content-size"), text, checked=False)
put("zstd", "frames, one skippable", zstd(text) + struct.pack("<II", 0x184d2a53, 5) + b"skip!" + zstd(run), text + run)
put("zstd", "short window", zstd(text * 3 + noise, "--zstd=wlog=10"), text * 3 + noise)

def lz4_java(raw, block):
    """Packs like net.jpountz's LZ4BlockOutputStream. Its checksum is computed here, because python3-lz4 has no xxhash."""
    level = max(0, (block - 1).bit_length() - 10)
    out = b""
    for at in range(0, len(raw), block):
        part = raw[at:at + block]
        packed = lz4.block.compress(part, store_size=False)
        method, content = (0x20, packed) if len(packed) < len(part) else (0x10, part)
        out += b"LZ4Block" + bytes([method | level]) + struct.pack("<iiI", len(content), len(part), xxh32(part, 0x9747b28c) & 0xfffffff) + content
    return out + b"LZ4Block" + bytes([0x10 | level]) + struct.pack("<iii", 0, 0, 0)

def xxh32(data, seed):
    """xxHash32, from its published description."""
    p1, p2, p3, p4, p5 = 2654435761, 2246822519, 3266489917, 668265263, 374761393
    mask = 0xffffffff
    turn = lambda v, r: ((v << r) | (v >> (32 - r))) & mask
    n, i = len(data), 0
    if n >= 16:
        v = [(seed + p1 + p2) & mask, (seed + p2) & mask, seed, (seed - p1) & mask]
        while i <= n - 16:
            for k in range(4):
                (w,) = struct.unpack_from("<I", data, i)
                v[k] = (turn((v[k] + w * p2) & mask, 13) * p1) & mask
                i += 4
        h = sum(turn(x, r) for x, r in zip(v, (1, 7, 12, 18))) & mask
    else:
        h = (seed + p5) & mask
    h = (h + n) & mask
    while i + 4 <= n:
        (w,) = struct.unpack_from("<I", data, i)
        h = (turn((h + w * p3) & mask, 17) * p4) & mask
        i += 4
    while i < n:
        h = (turn((h + data[i] * p5) & mask, 11) * p1) & mask
        i += 1
    h ^= h >> 15
    h = (h * p2) & mask
    h ^= h >> 13
    h = (h * p3) & mask
    return h ^ (h >> 16)

for name, raw in RAWS.items(): put("lz4", name, lz4_java(raw, 1 << 16), raw)
put("lz4", "large", lz4_java(large, 1 << 16), large)
put("lz4", "several blocks, one stored", lz4_java(text[:1024] + noise + bytes(324) + grey, 1024), text[:1024] + noise + bytes(324) + grey)
put("lz4", "nothing", lz4_java(b"", 1 << 16), b"")

SHUFFLES = ("none", "bytes", "bits")
def blosc(codec, shuffle, element, raw, block=0, level=5):
    name = f"{codec}, shuffle {SHUFFLES[shuffle]}, elements of {element}, blocks of {block or 'any size'}"
    packed = numcodecs.blosc.compress(np.frombuffer(raw, f"V{element}") if element > 1 else raw, codec.encode(), level, shuffle, block)
    put("blosc", name, packed, raw, checked=False)
for codec in ("blosclz", "lz4", "lz4hc", "zlib", "zstd"):
    for shuffle in (0, 1, 2):
        for element in (1, 2, 8): blosc(codec, shuffle, element, ramp[:2000], 0)
        blosc(codec, shuffle, 4, text, 512)
for shuffle in (1, 2):
    blosc("lz4", shuffle, 3, ramp[:2001], 0)      # 667 elements: bits are not shuffled
    blosc("zstd", shuffle, 17, text[:1700], 0)    # more than 16: not split
    blosc("lz4", shuffle, 4, large[:300_000], 65536)
    blosc("blosclz", shuffle, 2, large[:300_000], 0, 9)
blosc("lz4", 1, 2, noise, 0)                      # stored
blosc("blosclz", 0, 1, (text + noise) * 1 + bytes(9000) + noise + text, 0, 9)  # far matches

open("test/fixtures/packed/files.json", "w").write("[\n" + ",\n".join(json.dumps(f) for f in FILES) + "\n]\n")
print(len(FILES), "files,", sum(len(f["file"]) for f in FILES), "bytes")
