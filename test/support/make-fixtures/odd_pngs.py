"""PNG files with changes that a reader could stumble over, for make-odd-files.py."""

import struct
import zlib
from pathlib import Path

CONTROL = (Path(__file__).resolve().parent.parent.parent / "fixtures" / "cases" / "control.png").read_bytes()


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
    return CONTROL[:8] + b"".join(chunk(*each) for each in chunks) + end


def header(width, height, depth, colour, interlace=0):
    return (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def pngs():
    parts = chunks_of(CONTROL)
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
    yield "iend-cut", CONTROL[:-1]
    yield "iend-crc-wrong", CONTROL[:-1] + bytes([CONTROL[-1] ^ 1])
    yield "bytes-after-iend", CONTROL + b"\0" * 100
    yield "second-image-after-iend", CONTROL + CONTROL
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
    yield "junk-between-chunks", CONTROL[:33] + b"\0\0" + CONTROL[33:]
    yield "junk-before-signature", b"\n" + CONTROL
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
