"""Writes test/fixtures/cases/more.json: odd PNG and JPEG files, each with what Pillow makes of it.

The files are those in that folder, and the controls there, or others that cjpeg makes of the same picture, with something changed that a
reader could stumble over. Those that must be read are listed with the grey values that Pillow gives (libjpeg-turbo's
JCS_GRAYSCALE for JPEG, convert("L") for PNG). Those that must be refused are the ones that Pillow refuses too, and those
of which it makes up pixels or overlooks a checksum, which are named here. All as base64, each grey image once.
Needs Pillow and cjpeg (Debian: python3-pil, libjpeg-turbo-progs). Run: python3 make-odd-files.py
"""

import base64
import io
import json
import struct
import subprocess
import zlib
from pathlib import Path

from PIL import Image

# Pillow reads these, but not all pixels are in the file, or a checksum is wrong, or its meaning is not known.
REFUSED = {
    "corrupt-image": """
        cut-but-ended cut-by-3 dht-dc-size-16-but-unused dht-impossible-but-unused dqt-precision-2 dri-announced-in-vain
        fill-in-stuffing half-an-end height-larger-than-data height-smaller-than-data no-end no-end-but-zeros
        no-end-progressive restart-marker-lost restart-marker-wrong second-start two-frames
        iend-crc-wrong idat-crc-wrong
        apple-critical-first idat-adler-cut idat-adler-lost idat-far-too-many-inflated idat-too-many-and-adler-wrong
        iend-cut iend-missing ihdr-of-14-bytes ihdr-twice palette-after-data palette-too-short
    """,
    "unsupported-image": """
        dnl-other-after-data grey-16 ihdr-compression-method-3 unknown-critical-after-data unknown-critical-before-data
    """,
}

CASES = Path(__file__).resolve().parent.parent / "fixtures" / "cases"
CONTROL_JPEG = (CASES / "control.jpg").read_bytes()
CONTROL_PNG = (CASES / "control.png").read_bytes()
SOI, EOI, DAC, DHT, SOF0, SOS, DQT, DNL, DRI, COM = 0xD8, 0xD9, 0xCC, 0xC4, 0xC0, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE


def cases():
    for path in sorted(CASES.glob("*.[jp][pn]g")):
        yield path.name, path.read_bytes()


# JPEG: a list of (marker, content), the last of them the scan header, and what follows it.


def take_apart(jpeg):
    segments, at = [], 2
    while not segments or segments[-1][0] != SOS:
        (length,) = struct.unpack_from(">H", jpeg, at + 2)
        segments.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
    return segments, jpeg[at:]


def segment(marker, content=b"", length=None):
    return bytes([255, marker]) + struct.pack(">H", len(content) + 2 if length is None else length) + content


def put_together(segments, data):
    return bytes([255, SOI]) + b"".join(segment(*each) for each in segments) + data


def insert_before(jpeg, marker, added):
    """`added` before the first segment of that marker."""
    at = jpeg.index(bytes([255, marker]), 2)
    return jpeg[:at] + added + jpeg[at:]


def before_end(jpeg, added):
    return jpeg[:-2] + added + jpeg[-2:]


def without(jpeg, wanted):
    segments, data = take_apart(jpeg)
    return put_together([each for each in segments if not wanted(*each)], data)


def patched(jpeg, marker, changes):
    segments, data = take_apart(jpeg)
    found = []
    for name, content in segments:
        content = bytearray(content)
        if name == marker:
            for at, value in changes.items():
                content[at] = value
        found.append((name, bytes(content)))
    return put_together(found, data)


def by_cjpeg(*arguments, scans=None):
    image = Image.open(io.BytesIO(CONTROL_PNG)).convert("L")
    colours = Image.merge("RGB", (image, image.transpose(Image.FLIP_LEFT_RIGHT), image.transpose(Image.FLIP_TOP_BOTTOM)))
    buffer = io.BytesIO()
    colours.save(buffer, "PPM")
    if scans is not None:
        script = Path("/tmp/scans.txt")
        script.write_text(scans)
        arguments = [*arguments, "-scans", str(script)]
    return subprocess.run(["cjpeg", *arguments], input=buffer.getvalue(), stdout=subprocess.PIPE, check=True).stdout


def jpegs():
    grey = CONTROL_JPEG
    colour = by_cjpeg("-sample", "2x2")
    progressive = by_cjpeg("-grayscale", "-progressive")
    restarts = by_cjpeg("-grayscale", "-restart", "7B")
    apart = by_cjpeg(scans="0; 1; 2;")
    height = struct.pack(">H", take_apart(grey)[0][2][1][1] << 8 | take_apart(grey)[0][2][1][2])

    yield "colour", colour
    yield "progressive", progressive
    yield "restarts", restarts
    yield "scans-apart", apart

    # Bytes where a marker is due.
    for name, junk in (
        ("zero", b"\0"),
        ("text", b"made by hand"),
        ("stuffed", b"\x12\xff\0\x34"),
        ("long", b"\0" * 60),
    ):
        yield f"junk-{name}-before-frame", insert_before(grey, SOF0, junk)
        yield f"junk-{name}-before-scan", insert_before(grey, SOS, junk)
        yield f"junk-{name}-before-end", before_end(grey, junk)
        yield f"junk-{name}-before-end-colour", before_end(colour, junk)
        yield f"junk-{name}-before-end-progressive", before_end(progressive, junk)
    yield "junk-between-progressive-scans", progressive.replace(b"\xff\xc4", b"\0\0\xff\xc4")
    yield "junk-between-scans", apart.replace(b"\xff\xda", b"\0\xff\xda")
    for count in range(8):
        yield f"junk-before-restart-{count}", restarts.replace(bytes([255, 0xD0 + count]), bytes([1, 255, 0xD0 + count]), 1)
    yield "junk-after-end", grey + b"\0" * 100
    yield "second-image-after-end", grey + colour

    # Fill bytes.
    yield "fill-before-every-segment", b"".join(
        [bytes([255, SOI])]
        + [b"\xff" * (n + 1) + segment(*each) for n, each in enumerate(take_apart(grey)[0])]
        + [take_apart(grey)[1][:-2], b"\xff" * 9 + grey[-2:]]
    )
    yield "fill-before-restarts", restarts.replace(b"\xff\xd1", b"\xff\xff\xff\xd1").replace(b"\xff\xd4", b"\xff\xff\xd4")
    yield "fill-in-stuffing", stuffed_twice(by_cjpeg("-grayscale", "-quality", "97"))
    yield "final-restart-marker", before_end(restarts, bytes([255, 0xD0 + (30 - 1) // 7 % 8]))
    yield "lone-restart-marker-between-segments", insert_before(grey, DQT, b"\xff\xd3")

    # Heights.
    yield "dnl-before-scan", insert_before(grey, SOS, segment(DNL, height))
    yield "dnl-after-data", before_end(grey, segment(DNL, height))
    yield "dnl-thrice", before_end(insert_before(grey, SOS, segment(DNL, height) * 2), segment(DNL, height))
    yield "dnl-between-scans", apart.replace(b"\xff\xda", segment(DNL, height) + b"\xff\xda", 2)
    yield "dnl-progressive", progressive.replace(b"\xff\xda", segment(DNL, height) + b"\xff\xda", 2)
    yield "dnl-empty-after-data", before_end(grey, segment(DNL))
    yield "dnl-other-before-frame", insert_before(grey, DQT, segment(DNL, b"\0\x11"))
    yield "dnl-other-after-data", before_end(grey, segment(DNL, b"\0\x11"))
    yield "dnl-only", before_end(patched(grey, SOF0, {1: 0, 2: 0}), segment(DNL, height))

    # Tables.
    def table(slot):
        return lambda marker, content: marker == DHT and content[0] == slot

    yield "no-dht", without(grey, lambda marker, _: marker == DHT)
    yield "no-dht-dc", without(grey, table(0))
    yield "no-dht-ac", without(grey, table(16))
    yield "no-dht-colour", without(colour, lambda marker, _: marker == DHT)
    yield "no-dht-colour-chroma-only", without(colour, lambda marker, content: marker == DHT and content[0] & 15 == 1)
    yield "no-dht-colour-luma-only", without(colour, lambda marker, content: marker == DHT and content[0] & 15 == 0)
    yield "no-dht-scans-apart", without(apart, lambda marker, _: marker == DHT)
    yield "no-dht-restarts", without(restarts, lambda marker, _: marker == DHT)
    yield "no-dht-progressive", without(progressive, lambda marker, _: marker == DHT)
    yield "no-dht-but-slot-2", patched(without(grey, lambda marker, _: marker == DHT), SOS, {2: 0x22})
    avi = (0xE0, b"AVI1\0\0" + b"\0" * 8)
    yield "avi1", put_together([avi, *[s for s in take_apart(colour)[0] if s[0] not in (0xE0, DHT)]], take_apart(colour)[1])
    yield "dht-twice", insert_before(grey, SOS, b"".join(segment(*s) for s in take_apart(grey)[0] if s[0] == DHT))
    yield "dht-impossible-but-unused", insert_before(grey, SOS, segment(DHT, bytes([1, 2] + [0] * 15 + [0, 1])))
    yield "dht-impossible", insert_before(grey, SOS, segment(DHT, bytes([0, 2] + [0] * 15 + [0, 1])))
    yield "dht-dc-size-16-but-unused", insert_before(grey, SOS, segment(DHT, bytes([1, 1] + [0] * 15 + [16])))
    yield "dht-slot-4", insert_before(grey, SOS, segment(DHT, bytes([4, 1] + [0] * 15 + [0])))
    yield "dht-empty", insert_before(grey, SOS, segment(DHT))
    yield "dqt-zero", patched(grey, DQT, {20: 0})
    yield "dqt-zero-dc", patched(grey, DQT, {1: 0})
    yield "dqt-zero-last", patched(grey, DQT, {64: 0})
    yield "dqt-zero-progressive", patched(progressive, DQT, {20: 0})
    yield "dqt-zero-unused", insert_before(grey, SOS, segment(DQT, bytes([3] + [0] * 64)))
    yield "dqt-after-frame", put_together(
        [*[s for s in take_apart(grey)[0] if s[0] not in (DQT, SOS)], *[s for s in take_apart(grey)[0] if s[0] in (DQT, SOS)]],
        take_apart(grey)[1],
    )
    yield "dqt-none", without(grey, lambda marker, _: marker == DQT)
    yield "dqt-precision-2", patched(grey, DQT, {0: 0x20})
    yield "dac-valid", insert_before(grey, SOS, segment(DAC, b"\0\x10"))
    yield "dri-longer-than-image", insert_before(grey, SOS, segment(DRI, b"\x7f\xff"))
    yield "dri-zero", insert_before(grey, SOS, segment(DRI, b"\0\0"))
    yield "dri-announced-in-vain", insert_before(grey, SOS, segment(DRI, b"\0\x03"))

    # Lengths of application segments and comments.
    for name, marker in (("app14", 0xEE), ("comment", COM)):
        for length in (0, 1, 2):
            yield f"{name}-of-length-{length}", insert_before(grey, DQT, segment(marker, b"", length))
        yield f"{name}-length-one-too-small", insert_before(grey, DQT, segment(marker, b"Adobe\0\x64\0\0\0\0\0", 13))
        yield f"{name}-length-far-too-small", insert_before(grey, DQT, segment(marker, bytes(range(2, 60)), 9))
        overrun = segment(marker, b"x" * 10, 12 + len(segment(COM, b"seen by nobody")))
        yield f"{name}-length-swallows-a-comment", insert_before(grey, DQT, overrun + segment(COM, b"seen by nobody"))
        yield f"{name}-length-one-too-large", insert_before(grey, DQT, segment(marker, b"x" * 10, 13) + segment(COM, b"lost"))
        yield f"{name}-length-swallows-dht", insert_before(grey, DHT, segment(marker, b"x" * 10, 13))
        yield f"{name}-length-swallows-dqt", insert_before(grey, DQT, segment(marker, b"x" * 10, 13))
        yield f"{name}-length-swallows-the-file", insert_before(grey, DQT, segment(marker, b"x" * 10, 60000))
    yield "jfif-length-one-too-small", grey[:4] + b"\0\x0f" + grey[6:]
    yield "jfif-length-two-too-large", grey[:4] + b"\0\x12" + grey[6:20] + b"\0\0" + grey[20:]
    yield "jfif-after-frame", put_together([*take_apart(colour)[0][1:-1], take_apart(colour)[0][0], take_apart(colour)[0][-1]], take_apart(colour)[1])
    yield "adobe-transform-7", insert_before(without(colour, lambda marker, _: marker == 0xE0), DQT, segment(0xEE, b"Adobe\0\x64\0\0\0\0\x07"))

    # Headers that bend the rules.
    yield "scan-not-said-to-be-sequential", patched(grey, SOS, {3: 1, 4: 10, 5: 0x21})
    yield "components-of-one-name", patched(patched(colour, SOF0, {6: 1, 9: 1, 12: 1}), SOS, {1: 1, 3: 1, 5: 1})
    yield "components-named-0-1-2", patched(patched(colour, SOF0, {6: 0, 9: 1, 12: 2}), SOS, {1: 0, 3: 1, 5: 2})
    yield "components-named-at-random", patched(
        patched(without(colour, lambda marker, _: marker == 0xE0), SOF0, {6: 34, 9: 7, 12: 200}), SOS, {1: 34, 3: 7, 5: 200}
    )
    yield "sof1", put_together([(0xC1 if m == SOF0 else m, c) for m, c in take_apart(grey)[0]], take_apart(grey)[1])
    yield "sampling-3x3-of-grey", patched(grey, SOF0, {7: 0x33})
    yield "unused-table-number-in-progressive-scan", unused_table(progressive)
    yield "ac-scan-first", ac_first()
    yield "unknown-marker", insert_before(grey, DQT, segment(0x4F, b"abc"))
    yield "jpg-extension-marker", insert_before(grey, DQT, segment(0xF3, b"abc"))
    yield "two-frames", insert_before(grey, SOS, segment(*take_apart(grey)[0][2]))
    yield "second-start", before_end(grey, bytes([255, SOI]))

    # Less than the picture.
    yield "no-end", grey[:-2]
    yield "half-an-end", grey[:-1]
    yield "no-end-progressive", progressive[:-2]
    yield "no-end-but-zeros", grey[:-2] + b"\0" * 20
    for cut in (3, 200):
        yield f"cut-by-{cut}", grey[:-cut]
    yield "cut-but-ended", grey[:-60] + grey[-2:]
    yield "height-smaller-than-data", patched(grey, SOF0, {2: 32})
    yield "height-larger-than-data", patched(grey, SOF0, {2: 60})
    yield "restart-marker-lost", restarts.replace(b"\xff\xd2", b"", 1)
    yield "restart-marker-wrong", restarts.replace(b"\xff\xd2", b"\xff\xd5", 1)


def stuffed_twice(jpeg):
    """A fill byte before every stuffed byte of the first scan."""
    segments, data = take_apart(jpeg)
    assert b"\xff\0" in data
    return put_together(segments, data.replace(b"\xff\0", b"\xff\xff\0"))


def unused_table(progressive):
    """An AC scan that names a DC table that cannot be, and has no use for it."""
    at = progressive.rindex(b"\xff\xda")
    return progressive[: at + 6] + bytes([progressive[at + 6] | 0xF0]) + progressive[at + 7 :]


def ac_first():
    """A progressive file whose two scans stand in the wrong order."""
    jpeg = by_cjpeg("-grayscale", scans="0: 0-0, 0, 0; 0: 1-63, 0, 0;")
    start = min(jpeg.index(b"\xff\xc4"), jpeg.index(b"\xff\xda"))
    second = jpeg.index(b"\xff\xc4", jpeg.index(b"\xff\xda"))
    return jpeg[:start] + jpeg[second:-2] + jpeg[start:second] + jpeg[-2:]


# PNG: a list of [type, data].


def chunks_of(png):
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def chunk(kind, data=b"", crc=None):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) if crc is None else crc)


def png_of(chunks, end=b""):
    return CONTROL_PNG[:8] + b"".join(chunk(*each) for each in chunks) + end


def header(width, height, depth, colour, interlace=0):
    return (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def pngs():
    parts = chunks_of(CONTROL_PNG)
    first = parts[0]
    stream = b"".join(data for kind, data in parts if kind == b"IDAT")
    rows = zlib.decompress(stream)
    width, height = struct.unpack(">II", first[1][:8])
    end = (b"IEND", b"")

    def with_stream(*pieces):
        return png_of([first, *[(b"IDAT", piece) for piece in pieces], end])

    yield "idat-one-byte-after-stream", with_stream(stream + b"\0")
    yield "idat-many-bytes-after-stream", with_stream(stream + b"\xa5" * 300)
    yield "idat-second-stream-after-stream", with_stream(stream + stream)
    yield "idat-extra-chunk-after-stream", with_stream(stream, b"extra")
    yield "idat-empty-chunks", with_stream(b"", stream[:100], b"", b"", stream[100:], b"")
    yield "idat-in-pieces", with_stream(*[stream[n : n + 50] for n in range(0, len(stream), 50)])
    yield "idat-adler-apart", with_stream(stream[:-4], stream[-4:-3], b"", stream[-3:])
    yield "idat-adler-lost", with_stream(stream[:-4])
    yield "idat-adler-cut", with_stream(stream[:-1])
    yield "idat-adler-wrong", with_stream(stream[:-1] + bytes([stream[-1] ^ 1]))
    yield "idat-adler-of-zeros-then-more", with_stream(stream[:-4] + b"\0\0\0\0" + b"\0" * 16)
    yield "idat-one-byte-too-many-inflated", with_stream(zlib.compress(rows + b"\0"))
    yield "idat-one-row-too-many-inflated", with_stream(zlib.compress(rows + b"\0" * (width + 1)))
    yield "idat-100-rows-too-many-inflated", with_stream(zlib.compress(rows + b"\0" * (width + 1) * 100))
    yield "idat-far-too-many-inflated", with_stream(zlib.compress(rows + b"\0" * 70_000, 9))
    wrong = zlib.compress(rows + b"\0" * 9)
    yield "idat-too-many-and-adler-wrong", with_stream(wrong[:-1] + bytes([wrong[-1] ^ 1]))
    yield "idat-one-byte-too-few-inflated", with_stream(zlib.compress(rows[:-1]))
    yield "idat-cut", with_stream(stream[: len(stream) // 2])
    yield "idat-raw-deflate", with_stream(stream[2:-4])
    yield "idat-empty", with_stream(b"")

    def zlib_header(first_byte, flags=0):
        second = flags
        while (first_byte * 256 + second) % 31:
            second += 1
        return bytes([first_byte, second])

    for level in range(4):
        yield f"zlib-level-flag-{level}", with_stream(zlib_header(0x78, level << 6) + stream[2:])
    for window in (0, 3, 7):
        yield f"zlib-window-{window}", with_stream(zlib_header(window << 4 | 8) + stream[2:])
    yield "zlib-window-8", with_stream(zlib_header(0x88) + stream[2:])
    yield "zlib-method-7", with_stream(zlib_header(0x77) + stream[2:])
    yield "zlib-check-wrong", with_stream(b"\x78\x9d" + stream[2:])
    yield "zlib-dictionary", with_stream(zlib_header(0x78, 0x20) + b"\0\0\0\1" + stream[2:])
    flushing = zlib.compressobj()
    pieces = [flushing.compress(rows[:500]), flushing.flush(zlib.Z_FULL_FLUSH), flushing.flush(zlib.Z_SYNC_FLUSH)]
    yield "zlib-empty-blocks", with_stream(b"".join(pieces) + flushing.compress(rows[500:]) + flushing.flush())

    yield "iend-with-data", png_of([first, *parts[1:-1], (b"IEND", b"and more")])
    yield "iend-missing", png_of(parts[:-1])
    yield "iend-cut", CONTROL_PNG[:-1]
    yield "iend-crc-wrong", CONTROL_PNG[:-1] + bytes([CONTROL_PNG[-1] ^ 1])
    yield "bytes-after-iend", CONTROL_PNG + b"\0" * 100
    yield "second-image-after-iend", CONTROL_PNG + CONTROL_PNG
    yield "idat-crc-wrong", png_of([first, (b"IDAT", stream, 1), end])
    yield "ihdr-crc-wrong", png_of([(*first, 1), (b"IDAT", stream), end])

    for name, kind, data in (
        ("text", b"tEXt", b"Comment\0odd"),
        ("gamma", b"gAMA", struct.pack(">I", 10_000)),
        ("srgb", b"sRGB", b"\x09"),
        ("profile-broken", b"iCCP", b"x\0\0not deflated"),
        ("transparency", b"tRNS", b"\0\x80"),
        ("transparency-too-long", b"tRNS", b"\0" * 300),
        ("background", b"bKGD", b"\0\x80"),
        ("exif", b"eXIf", b"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"),
        ("unknown", b"zzZz", b"anything"),
        ("animation", b"acTL", struct.pack(">II", 1, 0)),
    ):
        yield f"{name}-before-data", png_of([first, (kind, data), *parts[1:]])
        yield f"{name}-after-data", png_of([*parts[:-1], (kind, data), end])
    yield "unknown-critical-before-data", png_of([first, (b"ABCD", b"?"), *parts[1:]])
    yield "unknown-critical-after-data", png_of([*parts[:-1], (b"ABCD", b"?"), end])
    yield "apple-critical-first", png_of([(b"CgBI", b"\0\0\0\0"), first, *parts[1:]])
    yield "chunk-name-of-digits", png_of([first, (b"1234", b"?"), *parts[1:]])
    yield "chunk-name-of-digits-ancillary", png_of([first, (b"a234", b"?"), *parts[1:]])
    yield "junk-between-chunks", CONTROL_PNG[:33] + b"\0\0" + CONTROL_PNG[33:]
    yield "junk-before-signature", b"\n" + CONTROL_PNG
    yield "ihdr-twice", png_of([first, *parts])
    yield "ihdr-of-14-bytes", png_of([(b"IHDR", first[1] + b"\0"), *parts[1:]])

    # Palettes.
    yield "plte-in-grey", png_of([first, (b"PLTE", bytes(range(48))), *parts[1:]])
    yield "plte-of-odd-length-in-grey", png_of([first, (b"PLTE", bytes(range(47))), *parts[1:]])
    yield "plte-empty-in-grey", png_of([first, (b"PLTE", b""), *parts[1:]])
    yield "plte-too-long-in-grey", png_of([first, (b"PLTE", bytes(900)), *parts[1:]])
    yield "plte-after-data-in-grey", png_of([*parts[:-1], (b"PLTE", bytes(6)), end])
    head = header(4, 2, 2, 3)
    data = (b"IDAT", zlib.compress(b"\0\x1b\0\xe4"))
    plte = bytes([10, 20, 30, 60, 50, 40, 7, 8, 9, 200, 201, 202])
    yield "palette", png_of([head, (b"PLTE", plte), data, end])
    yield "palette-longer-than-depth", png_of([head, (b"PLTE", plte * 3), data, end])
    yield "palette-of-257", png_of([head, (b"PLTE", plte * 64 + b"abc"), data, end])
    yield "palette-of-odd-length", png_of([head, (b"PLTE", plte + b"a"), data, end])
    yield "palette-too-short", png_of([head, (b"PLTE", plte[:9]), data, end])
    yield "palette-too-short-but-unused", png_of([head, (b"PLTE", plte[:9]), (b"IDAT", zlib.compress(b"\0\x1a\0\x24")), end])
    yield "palette-twice", png_of([head, (b"PLTE", plte), (b"PLTE", plte[::-1]), data, end])
    yield "palette-twice-the-same", png_of([head, (b"PLTE", plte), (b"PLTE", plte), data, end])
    yield "palette-after-data", png_of([head, data, (b"PLTE", plte), end])
    yield "palette-again-after-data", png_of([head, (b"PLTE", plte), data, (b"PLTE", plte[::-1]), end])
    yield "palette-with-transparency", png_of([head, (b"PLTE", plte), (b"tRNS", b"\0\x80"), data, end])
    yield "palette-with-too-much-transparency", png_of([head, (b"PLTE", plte), (b"tRNS", b"\0" * 9), data, end])
    yield "palette-with-transparency-first", png_of([head, (b"tRNS", b"\0\x80"), (b"PLTE", plte), data, end])
    yield "palette-idle-bits-set", png_of([header(3, 2, 2, 3), (b"PLTE", plte), (b"IDAT", zlib.compress(b"\0\x1b\0\xe7")), end])
    yield "rgb-with-odd-palette", png_of([header(2, 1, 8, 2), (b"PLTE", plte + b"a"), (b"IDAT", zlib.compress(b"\0\1\2\3\4\5\6")), end])
    yield "rgb-with-transparency", png_of([header(2, 1, 8, 2), (b"tRNS", b"\0\1\0\2\0\3"), (b"IDAT", zlib.compress(b"\0\1\2\3\4\5\6")), end])
    yield "filter-5", png_of([header(2, 1, 8, 0), (b"IDAT", zlib.compress(b"\5\1\2")), end])
    yield "grey-16", png_of([header(2, 1, 16, 0), (b"IDAT", zlib.compress(b"\0\1\2\3\4")), end])
    for position, name in ((10, "compression"), (11, "filter"), (12, "interlace")):
        changed = bytearray(first[1])
        changed[position] = 3
        yield f"ihdr-{name}-method-3", png_of([(b"IHDR", bytes(changed)), *parts[1:]])


def grey_of(data):
    """Pillow's grey values, or None where it refuses the file."""
    try:
        image = Image.open(io.BytesIO(data))
        if image.format == "JPEG":
            image.draft("L", image.size)
        image.load()
        return base64.b64encode(image.convert("L").tobytes()).decode()
    except Exception:  # It raises many kinds.
        return None


def main():
    reasons = {name: reason for reason, names in REFUSED.items() for name in names.split()}
    greys, read, refused = [], [], []
    for name, data in [*cases(), *jpegs(), *pngs()]:
        grey = grey_of(data)
        file = base64.b64encode(data).decode()
        if grey is None or name in reasons:
            refused.append({"name": name, "file": file, "reason": reasons.pop(name, None)})
        else:
            if grey not in greys:
                greys.append(grey)
            read.append({"name": name, "file": file, "grey": greys.index(grey)})
    assert not reasons, reasons
    content = {"greys": greys, "read": read, "refused": refused}
    lines = ",\n".join(f'"{key}": [\n' + ",\n".join(map(json.dumps, value)) + "\n]" for key, value in content.items())
    (CASES / "more.json").write_text("{\n" + lines + "\n}\n")
    print(len(read), "to be read,", len(refused), "to be refused")


main()
