"""Writes test/fixtures/jpeg/files.json: JPEG files of every kind, each with its expected grey values.

Both are base64, so that tests in a browser can read them too. Of red, green and blue it writes the SHA-256. The files are
made by Pillow, or by libjpeg-turbo's cjpeg if Pillow cannot make them. The grey values are libjpeg-turbo's own
(JCS_GRAYSCALE, accurate integer transform), through Pillow.
Needs Pillow, numpy and cjpeg (Debian: python3-pil, python3-numpy, libjpeg-turbo-progs). Run: python3 make-jpeg-fixtures.py
"""

import base64
import hashlib
import io
import json
from pathlib import Path

import numpy as np
from cjpeg import by_cjpeg
from PIL import Image

TARGET = Path(__file__).resolve().parent.parent.parent / "fixtures" / "jpeg" / "files.json"

SEQUENTIAL_SCANS = "0; 1; 2;"
PAIRED_SCANS = "0 1; 2;"
LONG_PROGRESSION = """
0 1 2: 0-0, 0, 3;
0: 1-5, 0, 4; 2: 1-63, 0, 2; 1: 1-63, 0, 1;
0: 6-63, 0, 4;
0: 1-63, 4, 3; 0: 1-63, 3, 2;
0 1 2: 0-0, 3, 2; 0 1 2: 0-0, 2, 1;
2: 1-63, 2, 1; 0: 1-63, 2, 1;
0 1 2: 0-0, 1, 0;
2: 1-63, 1, 0; 1: 1-63, 1, 0; 0: 1-63, 1, 0;
"""


def picture(width, height, kind, seed=1):
    """RGB pixels: a drawing with colour, noise, or extremes."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    noise = np.random.default_rng(seed)
    if kind == "drawing":
        waves = [np.sin(x / 3 + y / 7), np.cos(y / 4 - x / 11), np.sin((x - 20) * (y - 10) / 90)]
        pixels = np.stack([128 + 90 * wave for wave in waves], -1)
        pixels += noise.normal(0, 12, (height, width, 1))
    elif kind == "noise":
        pixels = noise.integers(0, 256, (height, width, 3))
    elif kind == "extremes":
        pixels = 255 * noise.integers(0, 2, (height, width, 3))
    else:
        pixels = np.full((height, width, 3), int(kind))
    return Image.fromarray(np.clip(np.round(pixels), 0, 255).astype(np.uint8))


def by_pillow(image, mode="L", **options):
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def entry(name, jpeg):
    image = Image.open(io.BytesIO(jpeg))
    image.draft("L", image.size)
    image.load()
    assert image.mode == "L", name
    channels = Image.open(io.BytesIO(jpeg)).split()
    hashes = {n: hashlib.sha256(channel.tobytes()).hexdigest() for n, channel in enumerate(channels)}
    return {
        "name": name,
        "width": image.width,
        "height": image.height,
        "jpeg": base64.b64encode(jpeg).decode(),
        "grey": base64.b64encode(image.tobytes()).decode(),
        **({"channels": hashes} if len(hashes) > 1 else {}),
    }


def files():
    drawing = picture(45, 35, "drawing")
    yield "grey", by_pillow(drawing)
    yield "grey-optimized", by_pillow(drawing, optimize=True)
    yield "grey-progressive", by_pillow(drawing, progressive=True)
    yield "grey-sampled-2x2", by_cjpeg(drawing, "-grayscale", "-sample", "2x2")
    yield "colour-444", by_pillow(drawing, "RGB", subsampling=0)
    yield "colour-422", by_pillow(drawing, "RGB", subsampling=1)
    yield "colour-420", by_pillow(drawing, "RGB", subsampling=2)
    yield "colour-420-optimized", by_pillow(drawing, "RGB", subsampling=2, optimize=True)
    yield "colour-420-progressive", by_pillow(drawing, "RGB", subsampling=2, progressive=True)
    yield "colour-422-progressive", by_pillow(drawing, "RGB", subsampling=1, progressive=True)
    for sampling in ("1x2", "4x1", "1x4", "4x2", "3x1", "2x2,1x2,2x1", "2x1,2x1,1x1"):
        yield "colour-" + sampling.replace(",", "-"), by_cjpeg(drawing, "-sample", sampling)
    yield "colour-2x2-all", by_cjpeg(picture(19, 21, "drawing"), "-sample", "2x1,2x1,2x1")

    yield "grey-comment-and-icc", by_pillow(drawing, comment=b"\xff\xd8 not a marker", icc_profile=b"\xff\xd9" * 40)
    yield "grey-restart-each", by_cjpeg(drawing, "-grayscale", "-restart", "1B")
    yield "grey-restart-unaligned", by_cjpeg(drawing, "-grayscale", "-restart", "4B")
    yield "grey-restart-rows", by_cjpeg(drawing, "-grayscale", "-restart", "2")
    yield "grey-restart-last", by_cjpeg(drawing, "-grayscale", "-restart", "30B")
    yield "colour-restart-unaligned", by_cjpeg(drawing, "-restart", "5B")
    yield "colour-progressive-restart", by_cjpeg(drawing, "-progressive", "-restart", "2B")
    yield "grey-progressive-restart", by_cjpeg(drawing, "-grayscale", "-progressive", "-restart", "7B")

    yield "colour-scans-apart", by_cjpeg(drawing, scans=SEQUENTIAL_SCANS)
    yield "colour-scans-paired", by_cjpeg(drawing, scans=PAIRED_SCANS)
    yield "colour-long-progression", by_cjpeg(drawing, "-quality", "95", scans=LONG_PROGRESSION)
    yield "rgb", by_cjpeg(drawing, "-rgb")
    yield "rgb-progressive", by_cjpeg(drawing, "-rgb", "-progressive", "-quality", "90")

    for name in ("noise", "extremes"):
        wild = picture(24, 24, name)
        for quality in (1, 30, 100):
            yield f"grey-{name}-{quality}", by_pillow(wild, quality=quality)
        yield f"colour-{name}-100", by_pillow(wild, "RGB", quality=100, subsampling=0)
        yield f"progressive-{name}-100", by_pillow(wild, quality=100, progressive=True)
    # Quantisation of 16 bits makes it an extended sequential file (SOF1).
    yield "grey-wide-quantisation", by_cjpeg(picture(33, 17, "noise"), "-grayscale", "-quality", "1")
    yield "colour-wide-quantisation", by_cjpeg(picture(33, 17, "extremes"), "-quality", "2")
    for shade in (0, 77, 255):
        yield f"flat-{shade}", by_pillow(picture(40, 9, shade), quality=90)

    for width, height in ((1, 1), (1, 33), (33, 1), (8, 8), (16, 16), (9, 7), (17, 16), (15, 24), (70, 2)):
        sized = picture(width, height, "drawing", seed=width)
        yield f"grey-{width}x{height}", by_pillow(sized)
        yield f"colour-{width}x{height}", by_pillow(sized, "RGB", subsampling=2)
        yield f"progressive-{width}x{height}", by_pillow(sized, "RGB", progressive=True)
    for width, height in ((1, 1), (2, 9), (3, 3), (4, 5), (5, 4), (6, 1), (7, 2), (9, 17), (31, 33)):
        sized = picture(width, height, "noise", seed=width)
        for sampling in ("2x1", "2x2", "1x2"):
            yield f"colour-{sampling}-{width}x{height}", by_cjpeg(sized, "-quality", "90", "-sample", sampling)
    yield "colour-420-extremes", by_pillow(picture(40, 40, "extremes"), "RGB", quality=100, subsampling=2)
    for quality in range(1, 101):
        yield f"quality-{quality}", by_pillow(picture(13, 11, "drawing", seed=quality), quality=quality)


def refused():
    small = picture(20, 12, "drawing")
    buffer = io.BytesIO()
    small.convert("CMYK").save(buffer, "JPEG")
    yield "cmyk", buffer.getvalue()
    yield "arithmetic", by_cjpeg(small, "-grayscale", "-arithmetic")
    yield "arithmetic-progressive", by_cjpeg(small, "-arithmetic", "-progressive")
    yield "coarse-luma", by_cjpeg(small, "-sample", "1x1,2x2,1x1")
    yield "rgb-reduced", by_cjpeg(small, "-rgb", "-sample", "2x2,1x1,1x1")
    yield "progressive-without-last-bits", by_cjpeg(
        small, "-grayscale", scans="0: 0-0, 0, 0; 0: 1-63, 0, 1;"
    )


def main():
    content = {
        "files": [entry(name, jpeg) for name, jpeg in files()],
        "refused": [{"name": name, "jpeg": base64.b64encode(jpeg).decode()} for name, jpeg in refused()],
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(f'"{key}": [\n' + ",\n".join(map(json.dumps, value)) + "\n]" for key, value in content.items())
    TARGET.write_text("{\n" + lines + "\n}\n")
    print(len(content["files"]), "files,", TARGET.stat().st_size, "bytes")


main()
