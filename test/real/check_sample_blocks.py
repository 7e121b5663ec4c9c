#!/usr/bin/env python3
"""Reads the blocks that `catmaid-image serve` serves with readers that share no line with the project.

    node dist/cli.js serve --port 8000 --dimension 300,250,30 &
    python3 test/real/check_sample_blocks.py http://127.0.0.1:8000/

N5 is copied into a folder and read by zarr's N5Store; raw precomputed chunks are put together with NumPy; both are
compared with the PNG tiles of the same stack, decoded by Pillow: every voxel of every level, in XY, XZ and ZY. Labels from
N5 are compared with `compressed_segmentation` decoded below, and each volume with the same one out of shards.
Needs Debian's python3-zarr, python3-numpy and python3-pil. Run by hand.

Last result, 2026-11-28, zarr 2.13.6, NumPy 1.24.2, Pillow 9.4.0, --dimension 300,250,30: "40500000 voxels compared, all
equal", 28 labels from 676706787274888430 to 18157149347347080727.
"""
import gzip
import io
import itertools
import json
import pathlib
import struct
import sys
import tempfile
import urllib.error
import urllib.request

import numpy as np
import zarr
from PIL import Image
from zarr.n5 import N5Store


def get(url):
    try:
        return urllib.request.urlopen(url).read()
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def cells(size, chunk):
    """Index, first voxel and end of each block: x, y, z."""
    for index in itertools.product(*(range(-(-s // c)) for s, c in zip(size, chunk))):
        first = tuple(i * c for i, c in zip(index, chunk))
        yield index, first, tuple(min(f + c, s) for f, c, s in zip(first, chunk, size))


def n5(base):
    """All levels, as arrays of z, y, x of the volume."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        attributes = get(f"{base}attributes.json")
        (root / "attributes.json").write_bytes(attributes)
        for level, _ in enumerate(json.loads(attributes)["scales"]):
            name = f"s{level}"
            (root / name).mkdir()
            own = get(f"{base}{name}/attributes.json")
            (root / name / "attributes.json").write_bytes(own)
            own = json.loads(own)
            for index, _, _ in cells(own["dimensions"], own["blockSize"]):
                path = root / name / "/".join(map(str, index))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(get(f"{base}{name}/{'/'.join(map(str, index))}"))
            yield zarr.open_array(N5Store(root), mode="r", path=name)[:]


def precomputed(base):
    info = json.loads(get(f"{base}info"))
    for scale in info["scales"]:
        dtype = np.dtype(info["data_type"]).newbyteorder("<")
        volume = np.zeros(scale["size"][::-1], dtype)
        grid = [-(-s // c) for s, c in zip(scale["size"], scale["chunk_sizes"][0])]
        for index, first, end in cells(scale["size"], scale["chunk_sizes"][0]):
            if "sharding" in scale:
                body = from_shard(f"{base}{scale['key']}/", scale["sharding"], index, grid)
            else:
                offset = scale["voxel_offset"]
                name = "_".join(f"{f + o}-{e + o}" for f, e, o in zip(first, end, offset))
                body = get(f"{base}{scale['key']}/{name}")
            shape = tuple(e - f for f, e in zip(first, end))[::-1]
            if scale["encoding"] == "raw":
                chunk = np.frombuffer(body, dtype).reshape(shape)
            else:
                chunk = compressed_segmentation(body, shape, scale["compressed_segmentation_block_size"])
            volume[tuple(slice(f, e) for f, e in zip(first, end))[::-1]] = chunk
        yield volume


def from_shard(base, sharding, index, grid):
    """Asks for what is needed alone, by ranges, as a viewer does."""
    ident = shift = 0
    for bit in range(max(grid).bit_length()):
        for axis in range(3):
            if 1 << bit < grid[axis]:
                ident |= (index[axis] >> bit & 1) << shift
                shift += 1
    hashed = ident >> sharding["preshift_bits"]
    minishards = 1 << sharding["minishard_bits"]
    minishard, shard = hashed % minishards, hashed // minishards
    url = f"{base}{shard:0{-(-sharding['shard_bits'] // 4)}x}.shard"
    data_at = 16 * minishards
    start, end = struct.unpack("<QQ", part(url, 16 * minishard, 16))
    rows = np.frombuffer(gzip.decompress(part(url, data_at + start, end - start)), "<u8").reshape(3, -1)
    ids = np.cumsum(rows[0])
    starts = np.cumsum(rows[1] + np.concatenate([[0], rows[2][:-1]]).astype("<u8"))
    at = list(ids).index(ident)
    body = part(url, data_at + int(starts[at]), int(rows[2][at]))
    return gzip.decompress(body) if sharding["data_encoding"] == "gzip" else body


def part(url, first, length):
    request = urllib.request.Request(url, headers={"Range": f"bytes={first}-{first + length - 1}"})
    with urllib.request.urlopen(request) as response:
        body = response.read()
        assert response.status == 206 and len(body) == length
        assert response.headers["Content-Range"].startswith(f"bytes {first}-{first + length - 1}/")
        return body


def compressed_segmentation(body, shape, block):
    words = np.frombuffer(body, "<u4")
    words = words[words[0] :]
    out = np.zeros(shape, "<u8")
    gx, gy = -(-shape[2] // block[0]), -(-shape[1] // block[1])
    inside = np.arange(block[0] * block[1] * block[2], dtype="<u8")
    for (i, j, k), first, end in cells(shape[::-1], block):
        head, values_at = (int(word) for word in words[2 * (i + gx * (j + gy * k)) :][:2])
        table_at, bits = head & 0xFFFFFF, head >> 24
        if bits:
            values = words[values_at + (inside * bits // 32).astype(int)] >> (inside * bits % 32).astype("<u4")
            index = (values & np.uint32((1 << bits) - 1)).astype(int)
        else:
            index = np.zeros(len(inside), int)
        labels = words[table_at + 2 * index].astype("<u8") | words[table_at + 2 * index + 1].astype("<u8") << np.uint64(32)
        box = tuple(slice(f, e) for f, e in zip(first, end))[::-1]
        out[box] = labels.reshape(block[::-1])[tuple(slice(e - f) for f, e in zip(first, end))[::-1]]
    return out


def tiles(base, factors, dimension, width=512, height=512):
    """All levels from PNG tiles, as arrays of z, y, x of the stack; 0 where there is no tile."""
    for level, factor in enumerate(factors):
        x, y, z = (-(-d // f) for d, f in zip(dimension, factor))
        volume = np.zeros((z, -(-y // height) * height, -(-x // width) * width), "u1")
        for section, row, column in itertools.product(range(z), range(-(-y // height)), range(-(-x // width))):
            file = get(f"{base}{section}/{row}_{column}_{level}.png")
            if file is not None:
                tile = np.array(Image.open(io.BytesIO(file)))
                volume[section, row * height :, column * width :][:height, :width] = tile
        yield volume[:, :y, :x]


def main(server):
    compared = 0

    def same(what, one, other):
        nonlocal compared
        assert one.shape == other.shape, (what, one.shape, other.shape)
        assert (one == other).all(), (what, np.count_nonzero(one != other))
        compared += one.size

    for listed in json.loads(get(f"{server}1/stacks")):
        stack = json.loads(get(f"{server}1/stack/{listed['id']}/info"))
        base = f"{server}tiles/{stack['sid']}/"
        volumes = {name: list(read(f"{base}{name}/")) for name, read in READERS.items()}
        for name, levels in volumes.items():
            for level, (one, other) in enumerate(zip(levels, volumes["n5"], strict=True)):
                same((stack["stitle"], name, level), one, other)
        if stack["metadata"] is None:
            dims = {0: (0, 1, 2), 1: (0, 2, 1), 2: (2, 1, 0)}[stack["orientation"]]
            dimension = [stack["dimension"][axis] for axis in "xyz"]
            factors = [(2**level, 2**level, 1) for level, _ in enumerate(volumes["n5"])]
            for level, tile in enumerate(tiles(f"{base}file/", factors, dimension)):
                # From x, y, z of the stack to z, y, x of the volume: all these orders are their own inverse.
                turned = tile.transpose(2, 1, 0).transpose(dims).transpose(2, 1, 0)
                same((stack["stitle"], "tiles", level), turned, volumes["n5"][level])
        else:
            ids = np.unique(volumes["n5"][0])
            assert ids[0] == 0 and (ids[1:] > 2**53).all()
            print(f"{len(ids) - 1} labels, from {ids[1]} to {ids[-1]}")
    print(f"{compared} voxels compared, all equal")


READERS = {"n5": n5, "precomputed": precomputed, "sharded": precomputed}

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
