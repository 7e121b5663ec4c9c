#!/usr/bin/env python3
"""Compares `catmaid-image get` with Pillow on real sections, served by nginx.

    python3 test/real/check_get.py FOLDER [--cli dist/cli.js]

FOLDER holds greyscale images of one size, one per section, in the order of their names. They are cut into tile
pyramids (types 1, 4 and 5; tiles of 512 x 512 and 256 x 192; PNG and JPEG) in a temporary folder. The expected volume
is put together with NumPy, from the sections themselves for PNG and from Pillow's decoding of each tile for JPEG.
Needs nginx, and Debian's python3-numpy and python3-pil. Run by hand: it needs images that the project does not ship.
"""
import argparse
import itertools
import json
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

LEVELS = 2
LAYOUTS = {
    1: "{z}/{row}_{col}_{zoom}.{ext}",
    4: "{z}/{zoom}/{row}_{col}.{ext}",
    5: "{zoom}/{z}/{row}/{col}.{ext}",
}
SIZES = [(512, 512), (256, 192)]
FORMATS = {"png": {}, "jpg": {"quality": 85}}


def sections(folder):
    images = [np.array(Image.open(path).convert("L")) for path in sorted(pathlib.Path(folder).glob("*.png"))]
    if not images:
        sys.exit(f"no images in {folder}")
    # Mirrored twice over, so that the region is larger than the largest tile.
    return np.stack([np.block([[a, a[:, ::-1]], [a[::-1], a[::-1, ::-1]]]) for a in images])


def cut(volume, root):
    """Writes the tiles; returns {(type, width, ext): [expected volume per level]}."""
    expected = {}
    for kind, (width, height), (ext, options) in itertools.product(LAYOUTS, SIZES, FORMATS.items()):
        base = root / f"t{kind}-{width}-{ext}"
        levels = []
        for zoom in range(LEVELS):
            level = volume[:, :: 2**zoom, :: 2**zoom]
            seen = np.zeros_like(level)
            for z in range(level.shape[0]):
                for row in range(-(-level.shape[1] // height)):
                    for col in range(-(-level.shape[2] // width)):
                        box = np.s_[z, row * height : (row + 1) * height, col * width : (col + 1) * width]
                        path = base / LAYOUTS[kind].format(z=z, row=row, col=col, zoom=zoom, ext=ext)
                        path.parent.mkdir(parents=True, exist_ok=True)
                        Image.fromarray(np.ascontiguousarray(level[box])).save(path, **options)
                        seen[box] = level[box] if ext == "png" else np.array(Image.open(path))
            levels.append(seen)
        expected[kind, width, ext] = levels
    return expected


def stack_info(volume, port, keys):
    depth, height, width = volume.shape
    xyz = lambda x, y, z: {"x": x, "y": y, "z": z}
    sizes = dict(SIZES)
    mirrors = [
        {
            "id": i, "position": i, "title": f"t{kind}-{tile}-{ext}", "tile_source_type": kind, "file_extension": ext,
            "image_base": f"http://127.0.0.1:{port}/t{kind}-{tile}-{ext}/", "tile_width": tile, "tile_height": sizes[tile],
        }
        for i, (kind, tile, ext) in enumerate(keys)
    ]
    factors = [xyz(2**n, 2**n, 1) for n in range(LEVELS)]
    return {
        "sid": 1, "pid": 1, "stitle": "real sections", "dimension": xyz(width, height, depth), "resolution": xyz(4, 4, 50),
        "translation": xyz(0, 0, 0), "orientation": 0, "downsample_factors": factors, "num_zoom_levels": LEVELS - 1,
        "broken_slices": {}, "canary_location": xyz(0, 0, 0), "mirrors": mirrors,
    }


def start_nginx(root, port):
    conf = root / "nginx.conf"
    temp = "".join(f"{name}_temp_path {root}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    conf.write_text(
        f"pid {root}/nginx.pid; error_log {root}/error.log; daemon off; events {{}}"
        f"http {{ access_log off; {temp} types {{ image/png png; image/jpeg jpg; }}"
        f"server {{ listen 127.0.0.1:{port}; root {root}; }} }}"
    )
    server = subprocess.Popen(["nginx", "-e", str(root / "error.log"), "-c", str(conf)])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise SystemExit("nginx did not start")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--cli", default="dist/cli.js")
    arguments = parser.parse_args()
    volume = sections(arguments.folder)
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        root.chmod(0o755)
        expected = cut(volume, root)
        port = free_port()
        info = root / "stack.json"
        info.write_text(json.dumps(stack_info(volume, port, list(expected))))
        server = start_nginx(root, port)
        cases = failures = 0
        try:
            for (kind, tile, ext), levels in expected.items():
                for axes, zoom in itertools.product(map("".join, itertools.permutations("zyx")), range(LEVELS)):
                    depth, height, width = levels[zoom].shape
                    z, y, x = (sorted(chance.sample(range(extent + 1), 2)) for extent in (depth, height, width))
                    # Always across a tile's edge.
                    y[0], y[1] = min(y[0], 190), max(y[1], 200)
                    x[0], x[1] = min(x[0], 250), max(x[1], 260)
                    out = root / "volume.npy"
                    roi = f"x={x[0]}:{x[1]},y={y[0]}:{y[1]},z={z[0]}:{z[1]}"
                    run = ["node", arguments.cli, "get", str(info), "--space", "scaled", "--zoom", str(zoom), "--roi", roi,
                           "--orientation", axes, "--mirror", f"t{kind}-{tile}-{ext}", "-o", str(out), "--quiet", "--strict"]
                    subprocess.run(run, check=True)
                    want = levels[zoom][z[0] : z[1], y[0] : y[1], x[0] : x[1]].transpose(["zyx".index(a) for a in axes])
                    cases += 1
                    if not np.array_equal(np.load(out), want):
                        failures += 1
                        print("differs:", " ".join(run), file=sys.stderr)
        finally:
            server.terminate()
            server.wait()
    print(f"{cases} regions, {failures} differ from Pillow")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
