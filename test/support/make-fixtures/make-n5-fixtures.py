"""Writes test/fixtures/blocks/n5_zarrpy (python3-zarr 2.13.6) and n5_byhand (after the published description).

Run it in test/fixtures/blocks, with Debian's python3-zarr, python3-numcodecs and python3-lz4. A new run gives the same
files, except for the times in those that zarr-python packs with gzip.
"""
import json, os, shutil, struct, zlib, gzip, bz2, lzma
import numcodecs, zarr, numpy as np
from block_fixtures import *

def fresh(d):
    shutil.rmtree(d, ignore_errors=True); os.makedirs(d)

G, L = grey(), labels()
C = (10, 16, 30)          # z, y, x; divides nothing

# ---- N5 through python3-zarr's N5Store (not N5FSStore)
fresh("n5_zarrpy")
store = zarr.N5Store("n5_zarrpy")
root = zarr.group(store=store, overwrite=True)
for name, comp in {
    "raw": None, "gzip": numcodecs.GZip(5), "zlib": numcodecs.Zlib(5), "bzip2": numcodecs.BZ2(9),
    "xz": numcodecs.LZMA(preset=6, format=lzma.FORMAT_XZ), "blosc_lz4": numcodecs.Blosc("lz4", 5, 1),
    "blosc_zstd": numcodecs.Blosc("zstd", 5, 2),
}.items():
    d = root.create_dataset(name, shape=G.shape, chunks=C, dtype="u1", compressor=comp)
    d[...] = G
    note(f"n5_zarrpy/{name}", G, writer="python3-zarr N5Store", axes_in_file="x,y,z", block_xyz=[30, 16, 10],
         edge_blocks="full size, padded")
d = root.create_dataset("labels_gzip", shape=L.shape, chunks=(8, 16, 16), dtype="u8", compressor=numcodecs.GZip(5))
d[...] = L
note("n5_zarrpy/labels_gzip", L, writer="python3-zarr N5Store", big_endian=True)
f32 = (G.astype("f4") / 4 - 20)
d = root.create_dataset("float32_gzip", shape=G.shape, chunks=C, dtype="f4", compressor=numcodecs.GZip(5)); d[...] = f32
note("n5_zarrpy/float32_gzip", f32, writer="python3-zarr N5Store")
sp = np.zeros_like(G); sp[:10, :16, :30] = G[:10, :16, :30]
d = root.create_dataset("missing_gzip", shape=G.shape, chunks=C, dtype="u1", compressor=numcodecs.GZip(5)); d[:10, :16, :30] = G[:10, :16, :30]
note("n5_zarrpy/missing_gzip", sp, missing_blocks="all but 0/0/0")

# ---- N5 by hand, as Java writes it: cropped edge blocks, other compressions, modes 1 and 2
fresh("n5_byhand")
json.dump({"n5": "2.5.1"}, open("n5_byhand/attributes.json", "w"))

def lz4_java(raw, block=1 << 16):
    """net.jpountz LZ4BlockOutputStream: magic, token, lengths, xxhash32 (low 28 bits)"""
    import lz4.block
    out = b""
    def xxh32(data, seed):
        P1, P2, P3, P4, P5 = 2654435761, 2246822519, 3266489917, 668265263, 374761393
        M = 0xFFFFFFFF; rot = lambda v, r: ((v << r) | (v >> (32 - r))) & M
        n = len(data); i = 0
        if n >= 16:
            v = [(seed + P1 + P2) & M, (seed + P2) & M, seed, (seed - P1) & M]
            while i <= n - 16:
                for k in range(4):
                    (w,) = struct.unpack_from("<I", data, i); v[k] = (rot((v[k] + w * P2) & M, 13) * P1) & M; i += 4
            h = (rot(v[0], 1) + rot(v[1], 7) + rot(v[2], 12) + rot(v[3], 18)) & M
        else: h = (seed + P5) & M
        h = (h + n) & M
        while i + 4 <= n:
            (w,) = struct.unpack_from("<I", data, i); h = (rot((h + w * P3) & M, 17) * P4) & M; i += 4
        while i < n: h = (rot((h + data[i] * P5) & M, 11) * P1) & M; i += 1
        h ^= h >> 15; h = (h * P2) & M; h ^= h >> 13; h = (h * P3) & M; h ^= h >> 16
        return h
    level = max(0, (block - 1).bit_length() - 10)
    for at in range(0, len(raw), block):
        part = raw[at:at + block]
        comp = lz4.block.compress(part, store_size=False)
        method, body = (0x20, comp) if len(comp) < len(part) else (0x10, part)
        out += b"LZ4Block" + bytes([method | level]) + struct.pack("<iiI", len(body), len(part), xxh32(part, 0x9747B28C) & 0xFFFFFFF) + body
    return out + b"LZ4Block" + bytes([0x10 | level]) + struct.pack("<iii", 0, 0, 0)

COMP = {
    "raw": ({"type": "raw"}, lambda b: b),
    "gzip": ({"type": "gzip", "level": -1, "useZlib": False}, lambda b: gzip.compress(b, mtime=0)),
    "gzip_zlib": ({"type": "gzip", "level": 6, "useZlib": True}, lambda b: zlib.compress(b)),
    "bzip2": ({"type": "bzip2", "blockSize": 9}, lambda b: bz2.compress(b)),
    "xz": ({"type": "xz", "preset": 6}, lambda b: lzma.compress(b)),
    "lz4": ({"type": "lz4", "blockSize": 65536}, lz4_java),
    "zstd": ({"type": "zstd", "level": 3, "nbWorkers": 0}, lambda b: bytes(numcodecs.Zstd(3).encode(b))),
}

def n5(path, a, block_xyz, comp, mode=0, skip=(), attrs=None, java_type=None):
    os.makedirs(path)
    meta, f = COMP[comp]
    dims = list(a.shape[::-1])
    json.dump({"dimensions": dims, "blockSize": list(block_xyz), "dataType": java_type or a.dtype.name, "compression": meta, **(attrs or {})},
              open(path + "/attributes.json", "w"))
    bx, by, bz = block_xyz
    for k in range(-(-dims[2] // bz)):
        for j in range(-(-dims[1] // by)):
            for i in range(-(-dims[0] // bx)):
                if (i, j, k) in skip: continue
                part = np.ascontiguousarray(a[k*bz:(k+1)*bz, j*by:(j+1)*by, i*bx:(i+1)*bx])
                big = part.astype(part.dtype.newbyteorder(">")).tobytes()
                head = struct.pack(">HHIII", mode, 3, *part.shape[::-1])
                if mode == 1: head += struct.pack(">I", part.size)
                os.makedirs(f"{path}/{i}/{j}", exist_ok=True)
                open(f"{path}/{i}/{j}/{k}", "wb").write(head + f(big))

for name in COMP:
    n5(f"n5_byhand/{name}", G, (30, 16, 10), name)
    note(f"n5_byhand/{name}", G, writer="by hand", edge_blocks="cropped", header_mode=0)
G16 = G.astype("u2") * 257
n5("n5_byhand/uint16_mode1_gzip", G16, (30, 16, 10), "gzip", mode=1)
note("n5_byhand/uint16_mode1_gzip", G16, header_mode=1, remark="varlength header with numElements == product")
I16 = (G.astype("i2") - 128) * 200
n5("n5_byhand/int16_raw", I16, (45, 29, 1), "raw"); note("n5_byhand/int16_raw", I16)
sp = G.copy(); sp[0:10, 16:29, 30:45] = 0
n5("n5_byhand/missing_1_1_0", G, (30, 16, 10), "gzip", skip={(1, 1, 0)}); note("n5_byhand/missing_1_1_0", sp, missing_blocks=["1/1/0"])
# multiscale as Paintera / BDV-N5 know it; s1 by mean, cropped to floor
def mean2(a):
    z, y, x = [n // 2 * 2 for n in a.shape]
    return a[:z, :y, :x].reshape(z//2, 2, y//2, 2, x//2, 2).astype("u4").sum(axis=(1, 3, 5)).__add__(4).__floordiv__(8).astype(a.dtype)
S1 = mean2(G)
os.makedirs("n5_byhand/multi")
json.dump({"multiScale": True, "resolution": [4.0, 4.0, 40.0], "offset": [400.0, 800.0, 4000.0], "downsamplingFactors": [[1,1,1],[2,2,2]], "maxId": 0},
          open("n5_byhand/multi/attributes.json", "w"))
n5("n5_byhand/multi/s0", G, (30, 16, 10), "gzip"); note("n5_byhand/multi/s0", G)
n5("n5_byhand/multi/s1", S1, (30, 16, 10), "gzip", attrs={"downsamplingFactors": [2, 2, 2]}); note("n5_byhand/multi/s1", S1)
save()
