"""Writes test/fixtures/blocks/precomputed by hand, after the published description: raw, gzip, jpeg, png,
compressed_segmentation, sharded.

Run it in test/fixtures/blocks, with Debian's python3-numpy and python3-pil.
"""
import gzip, io, json, os, shutil, struct
import numpy as np
from PIL import Image
from block_fixtures import *

G, L = grey(), labels()
L32 = labels(dtype=np.uint32)
ROOT = "precomputed"
shutil.rmtree(ROOT, ignore_errors=True)

def enc_raw(part, scale):            # part is z, y, x; file is x fastest
    return np.ascontiguousarray(part).astype(part.dtype.newbyteorder("<")).tobytes()

def enc_jpeg(part, scale):           # x wide, y*z high
    out = io.BytesIO(); Image.fromarray(part.reshape(-1, part.shape[2])).save(out, "JPEG", quality=95); return out.getvalue()

def enc_jpeg_wide(part, scale):      # the same samples in rows of x*y: allowed, only the flattened order counts
    out = io.BytesIO(); Image.fromarray(part.reshape(part.shape[0], -1)).save(out, "JPEG", quality=95); return out.getvalue()

def enc_png(part, scale):
    out = io.BytesIO(); Image.fromarray(part.reshape(-1, part.shape[2]).astype("u2" if part.dtype.itemsize == 2 else "u1")).save(out, "PNG"); return out.getvalue()

def enc_cseg(part, scale):
    bx, by, bz = scale["compressed_segmentation_block_size"]
    nz, ny, nx = part.shape
    gx, gy, gz = -(-nx // bx), -(-ny // by), -(-nz // bz)
    words = [0] * (2 * gx * gy * gz)
    wide = part.dtype.itemsize == 8
    tables = {}
    for k in range(gz):
        for j in range(gy):
            for i in range(gx):
                block = part[k*bz:(k+1)*bz, j*by:(j+1)*by, i*bx:(i+1)*bx]
                values, inverse = np.unique(block, return_inverse=True)
                inverse = inverse.reshape(block.shape)
                bits = 0
                while (1 << bits) < len(values): bits = 1 if bits == 0 else bits * 2
                at = len(words)
                if bits:
                    packed = [0] * -(-(bits * bx * by * bz) // 32)
                    for (z, y, x), v in np.ndenumerate(inverse):
                        b = bits * (x + bx * (y + by * z)); packed[b // 32] |= int(v) << (b % 32)
                    words += packed
                key = values.tobytes()
                if key not in tables:                       # tables may be shared
                    tables[key] = len(words)
                    for v in values:
                        words.append(int(v) & 0xFFFFFFFF)
                        if wide: words.append(int(v) >> 32)
                h = 2 * (i + gx * (j + gy * k))
                words[h] = tables[key] | (bits << 24); words[h + 1] = at
    return struct.pack("<I", 1) + struct.pack("<%dI" % len(words), *words)

def murmur3_x86_128_low64(key, seed=0):
    data = struct.pack("<Q", key); M = 0xFFFFFFFF
    rot = lambda v, r: ((v << r) | (v >> (32 - r))) & M
    c1, c2, c3, c4 = 0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93
    h1 = h2 = h3 = h4 = seed
    k1, k2 = struct.unpack("<II", data)                     # 8 bytes: all in the tail
    k2 = (k2 * c2) & M; k2 = rot(k2, 16); k2 = (k2 * c3) & M; h2 ^= k2
    k1 = (k1 * c1) & M; k1 = rot(k1, 15); k1 = (k1 * c2) & M; h1 ^= k1
    h1 ^= 8; h2 ^= 8; h3 ^= 8; h4 ^= 8
    def add():
        nonlocal h1, h2, h3, h4
        h1 = (h1 + h2 + h3 + h4) & M; h2 = (h2 + h1) & M; h3 = (h3 + h1) & M; h4 = (h4 + h1) & M
    def mix(h):
        h ^= h >> 16; h = (h * 0x85ebca6b) & M; h ^= h >> 13; h = (h * 0xc2b2ae35) & M; return h ^ (h >> 16)
    add(); h1, h2, h3, h4 = map(mix, (h1, h2, h3, h4)); add()
    return h1 | (h2 << 32)

def morton(g, grid):
    code = j = 0
    for i in range(64):
        for d in range(3):
            if (1 << i) < grid[d]:
                code |= ((g[d] >> i) & 1) << j; j += 1
    return code

def write(name, volume, enc, *, chunk, encoding, kind="image", voxel_offset=(0, 0, 0), sharding=None, files_gzip=False,
          skip=(), extra=None, resolution=(4, 4, 40), key="s0", legacy_split=False, noteable=True):
    base = f"{ROOT}/{name}"; os.makedirs(f"{base}/{key}")
    size = list(volume.shape[::-1])
    scale = {"key": key, "size": size, "resolution": list(resolution), "voxel_offset": list(voxel_offset), "chunk_sizes": [list(chunk)], "encoding": encoding, **(extra or {})}
    if sharding: scale["sharding"] = {"@type": "neuroglancer_uint64_sharded_v1", **sharding}
    json.dump({"@type": "neuroglancer_multiscale_volume", "type": kind, "data_type": volume.dtype.name, "num_channels": 1, "scales": [scale]}, open(f"{base}/info", "w"))
    grid = [-(-s // c) for s, c in zip(size, chunk)]
    items = {}
    for gz in range(grid[2]):
        for gy in range(grid[1]):
            for gx in range(grid[0]):
                g = (gx, gy, gz)
                if g in skip: continue
                lo = [a * c for a, c in zip(g, chunk)]; hi = [min(a + c, s) for a, c, s in zip(lo, chunk, size)]
                data = enc(volume[lo[2]:hi[2], lo[1]:hi[1], lo[0]:hi[0]], scale)
                if sharding: items[morton(g, grid)] = data; continue
                fn = "_".join(f"{a+o}-{b+o}" for a, b, o in zip(lo, hi, voxel_offset))
                open(f"{base}/{key}/{fn}" + (".gz" if files_gzip else ""), "wb").write(gzip.compress(data, mtime=0) if files_gzip else data)
    if sharding:
        mb, sb = sharding["minishard_bits"], sharding["shard_bits"]
        shards = {}
        for cid, data in items.items():
            h = cid >> sharding["preshift_bits"]
            if sharding["hash"] == "murmurhash3_x86_128": h = murmur3_x86_128_low64(h)
            shards.setdefault((h >> mb) & ((1 << sb) - 1), {}).setdefault(h & ((1 << mb) - 1), []).append((cid, data))
        for s, minis in shards.items():
            body, index = b"", []
            places = {}
            for m in sorted(minis):
                rows, prev_id, prev_end = [], 0, 0
                for cid, data in sorted(minis[m]):
                    if sharding.get("data_encoding") == "gzip": data = gzip.compress(data, mtime=0)
                    rows.append((cid - prev_id, len(body) - prev_end, len(data))); body += data
                    prev_id, prev_end = cid, len(body)
                places[m] = rows
            for m in range(1 << mb):
                rows = places.get(m)
                if not rows: index.append((0, 0)); continue
                blob = b"".join(struct.pack("<%dQ" % len(rows), *c) for c in zip(*rows))
                if sharding.get("minishard_index_encoding") == "gzip": blob = gzip.compress(blob, mtime=0)
                index.append((len(body), len(body) + len(blob))); body += blob
            head = b"".join(struct.pack("<QQ", *t) for t in index)
            fn = "%0*x" % (-(-sb // 4), s)
            if legacy_split:
                open(f"{base}/{key}/{fn}.index", "wb").write(head); open(f"{base}/{key}/{fn}.data", "wb").write(body)
            else: open(f"{base}/{key}/{fn}.shard", "wb").write(head + body)
    if noteable: note(f"{base}/{key}", volume, encoding=encoding, voxel_offset_xyz=list(voxel_offset), chunk_xyz=list(chunk), sharding=sharding)
    return base

CH = (30, 16, 10)
write("raw", G, enc_raw, chunk=CH, encoding="raw")
write("raw_offset", G, enc_raw, chunk=CH, encoding="raw", voxel_offset=(100, -20, 7))
write("raw_gz_files", G, enc_raw, chunk=CH, encoding="raw", files_gzip=True)
write("raw_u16", G.astype("u2") * 257, enc_raw, chunk=CH, encoding="raw")
miss = G.copy(); miss[0:10, 16:29, 30:45] = 0
write("raw_missing", G, enc_raw, chunk=CH, encoding="raw", skip={(1, 1, 0)}, noteable=False)
note("precomputed/raw_missing/s0", miss, missing_chunk="30-45_16-29_0-10")
write("png", G, enc_png, chunk=CH, encoding="png")
write("png_u16", (G.astype("u2") * 257), enc_png, chunk=CH, encoding="png")
for nm, e in (("jpeg", enc_jpeg), ("jpeg_wide", enc_jpeg_wide)):
    write(nm, G, e, chunk=CH, encoding="jpeg", noteable=False)
    want = np.zeros_like(G)   # what libjpeg-turbo (Pillow) reads back
    for k in range(2):
        for j in range(2):
            for i in range(2):
                lo = [i*30, j*16, k*10]; hi = [min(a+c, s) for a, c, s in zip(lo, CH, G.shape[::-1])]
                fn = "_".join(f"{a}-{b}" for a, b in zip(lo, hi))
                want[lo[2]:hi[2], lo[1]:hi[1], lo[0]:hi[0]] = np.asarray(Image.open(f"{ROOT}/{nm}/s0/{fn}")).reshape(hi[2]-lo[2], hi[1]-lo[1], hi[0]-lo[0])
    note(f"precomputed/{nm}/s0", want, encoding="jpeg", remark="digest is of Pillow's (libjpeg-turbo) decoding")
cs = {"compressed_segmentation_block_size": [8, 8, 8]}
write("cseg_u64", L, enc_cseg, chunk=(32, 16, 16), encoding="compressed_segmentation", kind="segmentation", extra=cs)
write("cseg_u32_odd_blocks", L32, enc_cseg, chunk=(32, 16, 16), encoding="compressed_segmentation", kind="segmentation", extra={"compressed_segmentation_block_size": [7, 5, 3]})
ident = {"preshift_bits": 1, "hash": "identity", "minishard_bits": 1, "shard_bits": 1, "minishard_index_encoding": "raw", "data_encoding": "raw"}
murmur = {"preshift_bits": 0, "hash": "murmurhash3_x86_128", "minishard_bits": 2, "shard_bits": 5, "minishard_index_encoding": "gzip", "data_encoding": "gzip"}
write("sharded_identity_raw", G, enc_raw, chunk=(16, 16, 16), encoding="raw", sharding=ident, skip=())
write("sharded_murmur_gzip_cseg", L, enc_cseg, chunk=(16, 16, 8), encoding="compressed_segmentation", kind="segmentation", extra=cs, sharding=murmur, voxel_offset=(5, 6, 7))
write("sharded_defaults", G, enc_raw, chunk=(32, 32, 32), encoding="raw", sharding={"preshift_bits": 0, "hash": "identity", "minishard_bits": 0, "shard_bits": 0})
write("sharded_legacy_split", G, enc_raw, chunk=(32, 32, 32), encoding="raw", sharding=ident, legacy_split=True)
sh = G.copy(); sh[0:16, 0:16, 16:32] = 0
write("sharded_missing", G, enc_raw, chunk=(16, 16, 16), encoding="raw", sharding=ident, skip={(1, 0, 0)}, noteable=False)
note("precomputed/sharded_missing/s0", sh, missing_chunk_xyz=[1, 0, 0])
# several scales, the second with halved odd sizes and a halved, non-integral offset rounded down as igneous does
S1 = G[::2, ::2, ::2][: 19 // 2, : 29 // 2, : 45 // 2]
base = write("multi", G, enc_raw, chunk=CH, encoding="raw", voxel_offset=(101, 21, 7), key="4_4_40")
info = json.load(open(base + "/info"))
os.makedirs(base + "/8_8_80"); off = [50, 10, 3]
info["scales"].append({"key": "8_8_80", "size": list(S1.shape[::-1]), "resolution": [8, 8, 80], "voxel_offset": off, "chunk_sizes": [[64, 64, 64]], "encoding": "raw"})
json.dump(info, open(base + "/info", "w"))
open(base + "/8_8_80/" + "_".join(f"{o}-{o+n}" for o, n in zip(off, S1.shape[::-1])), "wb").write(enc_raw(S1, None))
note("precomputed/multi/8_8_80", S1, voxel_offset_xyz=off)
json.dump({"murmurhash3_x86_128_low64_of_uint64le_seed0": {str(k): str(murmur3_x86_128_low64(k)) for k in (0, 1, 2, 12345, 2**32, 2**53 + 1, 2**64 - 1)},
           "compressed_morton_code": [{"g_xyz": list(g), "grid_xyz": list(n), "code": str(morton(g, n))} for g, n in
             [((1, 0, 0), (4, 4, 1)), ((3, 2, 0), (4, 4, 1)), ((5, 6, 1), (8, 8, 2)), ((0, 0, 5), (1, 1, 6)), ((4, 2, 2), (5, 3, 3)), ((70000, 3, 5000), (100000, 4, 8192))]]},
          open("precomputed/vectors.json", "w"), indent=1)
save()
