"""Contrast (WCAG 2.2) and difference (CIEDE2000) of colours, also as seen with colour-vision deficiencies."""

import math
import re
from pathlib import Path

TOKENS = Path("static/css/tokens.css")
Colour = tuple[float, float, float]

# Full severity, on linear RGB. Machado, Oliveira, Fernandes: IEEE TVCG 15(6), 2009.
DEFICIENCIES = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def tokens(text: str) -> dict[str, dict[str, str]]:
    """Every colour token of the CSS, per theme: {"light": {"bg": "#f4f6f8", …}, "dark": …}."""
    found = re.findall(r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", text)
    return {
        "light": {name: light for name, light, _ in found},
        "dark": {name: dark for name, _, dark in found},
    }


def linear(colour: str) -> Colour:
    """A hex colour as linear RGB."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    dark, light = sorted(sum(a * b for a, b in zip(TO_XYZ[1], linear(each), strict=True)) for each in (one, other))
    return (light + 0.05) / (dark + 0.05)


def times(matrix: tuple[Colour, Colour, Colour], vector: Colour) -> Colour:
    """Matrix times column."""
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def lab(colour: str, deficiency: str | None = None) -> Colour:
    """CIELAB (D65) of a colour, as seen with a deficiency."""
    seen = linear(colour)
    if deficiency:
        red, green, blue = (min(1.0, max(0.0, part)) for part in times(DEFICIENCIES[deficiency], seen))
        seen = red, green, blue
    ratios = [part / white for part, white in zip(times(TO_XYZ, seen), WHITE, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 216 / 24389 else (24389 / 27 * ratio + 16) / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def mean_hue(one: float, other: float, has_hue: bool) -> float:
    """The mean of two hue angles in degrees."""
    if not has_hue:
        return one + other
    if abs(one - other) <= 180:
        return (one + other) / 2
    return (one + other + (360 if one + other < 360 else -360)) / 2


def weights(lightness: float, chroma: float, hue: float) -> tuple[float, float, float, float]:
    """The weighting functions S_L, S_C, S_H and the rotation term R_T of CIEDE2000."""
    t = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    turn = math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2)))
    rotation = -math.sin(turn) * 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    offset = (lightness - 50) ** 2
    return 1 + 0.015 * offset / math.sqrt(20 + offset), 1 + 0.045 * chroma, 1 + 0.015 * chroma * t, rotation


def difference(one: Colour, other: Colour) -> float:
    """CIEDE2000 between two CIELAB colours (Sharma, Wu, Dalal 2005)."""
    chroma = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    a = [each[1] * stretch for each in (one, other)]
    c = [math.hypot(a[n], each[2]) for n, each in enumerate((one, other))]
    h = [math.degrees(math.atan2(each[2], a[n])) % 360 if c[n] else 0.0 for n, each in enumerate((one, other))]
    turn = 0.0 if not c[0] * c[1] else (h[1] - h[0] + 180) % 360 - 180
    hue_step = 2 * math.sqrt(c[0] * c[1]) * math.sin(math.radians(turn / 2))
    s_l, s_c, s_h, rotation = weights((one[0] + other[0]) / 2, sum(c) / 2, mean_hue(h[0], h[1], bool(c[0] * c[1])))
    light, colour, hue = (other[0] - one[0]) / s_l, (c[1] - c[0]) / s_c, hue_step / s_h
    return math.sqrt(light**2 + colour**2 + hue**2 + rotation * colour * hue)
