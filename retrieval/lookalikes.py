"""Letters of other scripts that look like a Latin one.

Source: Unicode Security Mechanisms (UTS #39), confusables, read in the releases that Python's Unicode tables know. Kept
are single letters that resemble exactly one Latin letter and that compatibility form (NFKC) leaves alone, with the
small form of Cyrillic and Greek capitals.
"""

from __future__ import annotations

_LIKE = {
    "a": "ɑΑαАаᎪᗅꓮ",
    "b": "ƄΒβВЬвьᏏᏴᑲᖯᗷꓐꞴ",
    "c": "ϲϹСсᏟᴄⲤⲥꓚꮯ",
    "d": "ԁᎠᏧᑯᗞᗪꓒꓓ",
    "e": "ΕεЕеҽᎬⴹꓰꬲ",
    "f": "ϜϝքᖴẝꓝꞘꞙꬵ",
    "g": "ƍɡԌԍցᏀᏳᶃꓖ",
    "h": "ΗηНнһհᎻᏂᕼⲎꓧ",
    "i": "ıƖɩɪΙιІіӀӏᎥιⲒꙇꭵ",
    "j": "ͿϳЈјᎫᒍꓙꞲ",
    "k": "ΚκКкᏦⲔꓗ",
    "l": "ǀᏞᒪⳐⵏꓡꓲ",
    "m": "ΜμϺϻМмᎷᗰⲘꓟ",
    "n": "ΝոռⲚꓠ",
    "o": "ΟοσОоՕօჿᴏᴑⲞⲟⵔꓳꬽ",
    "p": "ΡρϱРрᏢᑭⲢⲣꓑ",
    "q": "ԛգզⵕ",
    "r": "ƦгᎡᏒᖇᴦⲅꓣꭇꭈꮁ",
    "s": "ƽЅѕՏᏕᏚꓢꜱꮪ",
    "t": "ΤτТтᎢⲦꓔ",
    "u": "ʋυՍսᑌᴜꓴꞟꭎꭒ",
    "v": "νѴѵᏙᐯᴠⴸꓦꮩ",
    "w": "ɯѡԜԝաᎳᏔᴡꓪꮃ",
    "x": "ΧχХхᕁᕽⲬⵝꓫꞳ",
    "y": "ɣʏΥγϒУуҮүყᎩᎽᶌỿⲨꓬꭚ",
    "z": "ΖζᏃᴢꓜꮓ",
}

LOOKALIKES: dict[str, str] = {letter: latin for latin, letters in _LIKE.items() for letter in letters}
"""Letter to the small Latin one that it looks like."""
