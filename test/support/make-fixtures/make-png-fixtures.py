"""Writes test/fixtures/png/files.json: PNG files of every kind, each with its expected grey values.

Both are base64, so that tests in a browser can read them too; 16-bit values are little-endian. For each channel (red,
green, blue, alpha) of a file, it writes the SHA-256 of the expected values.

It has an encoder of its own (with only struct and zlib), so that the files are independent of the decoders under test.
Where Pillow is exact (up to 8 bits per sample), it must read the same pixels from each file. Run: python3 make-png-fixtures.py
"""

import base64
import hashlib
import io
import json
import random
import struct
import sys
import zlib
from pathlib import Path

from PIL import Image, ImageFile

# With this, Pillow accepts ancillary chunks with a wrong checksum, as libpng does.
ImageFile.LOAD_TRUNCATED_IMAGES = True

TARGET = Path(__file__).resolve().parent.parent.parent / "fixtures" / "png" / "files.json"
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
NAMES = {0: "grey", 2: "rgb", 3: "palette", 4: "grey-alpha", 6: "rgb-alpha"}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
KINDS = [(0, d) for d in (1, 2, 4, 8, 16)] + [(3, d) for d in (1, 2, 4, 8)] + [(t, d) for t in (2, 4, 6) for d in (8, 16)]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pack(row, depth):
    """Samples of a row as bytes."""
    if depth == 16:
        return b"".join(struct.pack(">H", value) for value in row)
    if depth == 8:
        return bytes(row)
    bits = "".join(format(value, f"0{depth}b") for value in row)
    bits += random.choice("01") * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(rows, step, choose):
    out = b""
    above = bytes(len(rows[0]))
    for y, row in enumerate(rows):
        kind = choose(y)
        line = bytearray([kind])
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            line.append((value - (0, a, b, (a + b) // 2, paeth(a, b, c))[kind]) & 255)
        out += bytes(line)
        above = row
    return out


def deflate(data, level=6, strategy=zlib.Z_DEFAULT_STRATEGY, flush_every=None):
    packer = zlib.compressobj(level, zlib.DEFLATED, 15, 9, strategy)
    if flush_every is None:
        return packer.compress(data) + packer.flush()
    out = b""
    for i in range(0, len(data), flush_every):
        out += packer.compress(data[i : i + flush_every]) + packer.flush(zlib.Z_FULL_FLUSH)
    return out + packer.flush()


def encode(pixels, colour, depth, interlaced=False, palette=None, choose=None, split=None, before=b"", after=b"", **how):
    """`pixels`: rows of pixels, each a tuple of samples."""
    height, width = len(pixels), len(pixels[0])
    choose = choose or (lambda y: random.randrange(5))
    step = max(1, SAMPLES[colour] * depth // 8)
    data = b""
    for x0, y0, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        rows = [[s for pixel in row[x0::dx] for s in pixel] for row in pixels[y0::dy]]
        if rows and rows[0]:
            data += filtered([pack(row, depth) for row in rows], step, choose)
    packed = deflate(data, **how)
    size = split or len(packed)
    parts = [packed[i : i + size] for i in range(0, len(packed), size)]
    out = b"\x89PNG\r\n\x1a\n"
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))
    out += chunk(b"PLTE", bytes(v for entry in palette for v in entry)) if palette else b""
    return out + before + b"".join(chunk(b"IDAT", part) for part in parts) + after + chunk(b"IEND", b"")


def draw(width, height, colour, depth, colours=256):
    """A smooth picture with noise, and a few flat spots."""
    top = min(2**depth, colours) - 1 if colour == 3 else 2**depth - 1
    rows = []
    for y in range(height):
        row = []
        for x in range(width):
            pixel = []
            for s in range(SAMPLES[colour]):
                value = (x * (3 + s) + y * (5 - s)) / (4 * (width + height)) + random.gauss(0.3, 0.08)
                if (x // 6 + y // 5) % 4 == 0:
                    value = 0.25 * (s + 1)
                pixel.append(max(0, min(top, round(value * top))))
            row.append(tuple(pixel))
        rows.append(row)
    return rows


def luma(r, g, b):
    return (19595 * r + 38470 * g + 7471 * b + 32768) >> 16


def grey_of(pixels, colour, depth, palette):
    out = []
    for row in pixels:
        for pixel in row:
            if colour == 3:
                out.append(luma(*palette[pixel[0]]))
            elif colour in (2, 6):
                out.append(luma(*pixel[:3]))
            else:
                out.append(pixel[0] * 255 // (2**depth - 1) if depth < 8 else pixel[0])
    return out


def channels_of(pixels, colour, depth, palette, transparency):
    """Values of each channel of an image, by number. A grey image has channel 0, and alpha if it declares it."""
    flat = [pixel for row in pixels for pixel in row]
    top = 2**depth - 1
    scaled = lambda value: value * 255 // top if depth < 8 else value
    if colour == 3:
        channels = {n: [palette[pixel[0]][n] for pixel in flat] for n in range(3)}
        alphas = [*(transparency or []), *[255] * 256]
        alpha = [alphas[pixel[0]] for pixel in flat]
    else:
        channels = {n: [scaled(pixel[n]) for pixel in flat] for n in range(3 if colour in (2, 6) else 1)}
        alpha = [scaled(pixel[-1] if colour in (4, 6) else 0 if pixel == transparency else top) for pixel in flat]
    if colour in (4, 6) or transparency:
        channels[3] = alpha
    return channels


def transparency_chunk(colour, transparency):
    return chunk(b"tRNS", bytes(transparency) if colour == 3 else struct.pack(f">{len(transparency)}H", *transparency))


def check_by_pillow(name, data, colour, depth, channels):
    image = Image.open(io.BytesIO(data))
    if colour == 0 and depth in (2, 4) and 3 in channels:
        # Pillow scales the grey values of such files, but not their transparent grey value.
        image.load()
        image.info["transparency"] *= 255 // (2**depth - 1)
    by_pillow = image.convert("RGBA").split()
    for n, values in channels.items():
        if by_pillow[n].tobytes() != bytes(values):
            sys.exit(f"{name}: Pillow reads another channel {n}")


def raw_of(values, depth):
    return struct.pack(f"<{len(values)}H", *values) if depth == 16 else bytes(values)


files = []


def save(name, pixels, colour, depth, palette=None, transparency=None, **how):
    if transparency:
        how["before"] = transparency_chunk(colour, transparency) + how.get("before", b"")
    data = encode(pixels, colour, depth, palette=palette, **how)
    grey = grey_of(pixels, colour, depth, palette)
    channels = channels_of(pixels, colour, depth, palette, transparency)
    if depth < 16:
        image = Image.open(io.BytesIO(data))
        image = image.convert("RGB") if colour in (3, 6) else image
        image = image.getchannel(0) if colour == 4 else image.convert("L")
        if image.tobytes() != bytes(grey):
            sys.exit(f"{name}: Pillow reads other pixels")
        check_by_pillow(name, data, colour, depth, channels)
    size = {"width": len(pixels[0]), "height": len(pixels), "bits": 16 if depth == 16 else 8}
    texts = {"png": base64.b64encode(data).decode(), "grey": base64.b64encode(raw_of(grey, depth)).decode()}
    hashes = {n: hashlib.sha256(raw_of(values, depth)).hexdigest() for n, values in channels.items()}
    # The channel of a grey file is its grey.
    channels = {"channels": hashes} if len(hashes) > 1 else {}
    files.append({"name": name, **size, **texts, **channels})


def main():
    random.seed(20261122)
    colours = [tuple(random.randrange(256) for _ in range(3)) for _ in range(256)]

    for colour, depth in KINDS:
        palette = colours[: min(2**depth, 200)] if colour == 3 else None
        for interlaced in (False, True):
            name = f"{NAMES[colour]}-{depth}{'-interlaced' if interlaced else ''}"
            save(name, draw(37, 23, colour, depth, 200), colour, depth, palette, interlaced=interlaced)

    for colour, depth in ((0, 8), (0, 16), (2, 8), (4, 8), (6, 8)):
        for kind, title in enumerate(("none", "sub", "up", "average", "paeth")):
            pixels = draw(19, 18, colour, depth)
            save(f"filter-{title}-{NAMES[colour]}-{depth}", pixels, colour, depth, choose=lambda y, kind=kind: kind)

    for depth in (1, 2, 4):
        for width in (1, 3, 5, 7, 9, 15):
            save(f"narrow-{width}-grey-{depth}", draw(width, 4, 0, depth), 0, depth)
        save(f"narrow-5-palette-{depth}", draw(5, 4, 3, depth), 3, depth, colours[: 2**depth])

    for colour, depth in KINDS:
        palette = colours[:2] if colour == 3 else None
        save(f"one-pixel-{NAMES[colour]}-{depth}", draw(1, 1, colour, depth, 2), colour, depth, palette)
    for width, height in ((1, 1), (2, 2), (1, 5), (5, 1), (3, 4), (5, 5), (8, 8), (9, 3)):
        save(f"small-interlaced-{width}x{height}", draw(width, height, 0, 8), 0, 8, interlaced=True)

    # The kernel unfilters sixteen rows at a time, each one pixel behind the one above.
    for width, height in ((1, 40), (7, 33), (16, 17), (40, 16), (67, 49)):
        save(f"paeth-{width}x{height}", draw(width, height, 0, 8), 0, 8, choose=lambda y: 4)
        save(f"mixed-{width}x{height}", draw(width, height, 0, 8), 0, 8, choose=lambda y: random.choice((0, 1, 2, 3, 4, 4, 4, 4)))
    save("few-others-48x64", draw(48, 64, 0, 8), 0, 8, choose=lambda y: 4 if y % 13 else random.randrange(4))

    pixels = draw(61, 47, 0, 8)
    flat = [[(200,)] * 90 for _ in range(60)]
    save("deflate-stored", pixels, 0, 8, level=0)
    save("deflate-fixed", pixels, 0, 8, strategy=zlib.Z_FIXED)
    save("deflate-huffman-only", pixels, 0, 8, strategy=zlib.Z_HUFFMAN_ONLY)
    save("deflate-runs", flat, 0, 8, strategy=zlib.Z_RLE, choose=lambda y: 0)
    save("deflate-long-matches", flat, 0, 8, level=9, choose=lambda y: 1)
    save("deflate-many-blocks", pixels, 0, 8, flush_every=100)
    save("deflate-stored-blocks", pixels, 0, 8, level=0, flush_every=333)
    # Each value is half as frequent as the one before, so frequencies far apart give codes of up to 15 bits.
    skewed = [[(min(255, int(random.expovariate(0.6)) * 3),) for _ in range(120)] for _ in range(100)]
    save("deflate-long-codes", skewed, 0, 8, strategy=zlib.Z_HUFFMAN_ONLY, choose=lambda y: 0)

    save("idat-bytes", draw(12, 9, 0, 8), 0, 8, split=1)
    save("idat-pieces", draw(40, 30, 0, 8), 0, 8, split=97, after=chunk(b"IDAT", b""), before=chunk(b"IDAT", b""))
    text = chunk(b"tEXt", b"Comment\0ignored")
    wrong = text[:-1] + bytes([text[-1] ^ 1])
    gamma = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sRGB", b"\0")
    save("ancillary-chunks", draw(20, 10, 0, 8), 0, 8, before=gamma + text + wrong, after=text)
    save("transparent-grey", draw(20, 10, 0, 8), 0, 8, transparency=(0x40,))
    save("transparent-rgb", draw(20, 10, 2, 8), 2, 8, transparency=(0x40, 0x80, 0xBF))
    save("transparent-palette", draw(20, 10, 3, 4), 3, 4, colours[:16], transparency=tuple(range(16)))
    for depth in (1, 2, 4, 16):
        pixels = draw(20, 10, 0, depth)
        save(f"transparent-grey-{depth}", pixels, 0, depth, transparency=pixels[0][0])
    pixels = draw(20, 10, 2, 16)
    save("transparent-rgb-16", pixels, 2, 16, transparency=pixels[0][0], interlaced=True)
    save("half-transparent-palette", draw(20, 10, 3, 8, 200), 3, 8, colours[:200], transparency=tuple(range(100)))

    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("[\n" + ",\n".join(json.dumps(entry) for entry in files) + "\n]\n")
    print(f"{len(files)} files, {TARGET.stat().st_size} bytes")


main()
